/** Rules of a firewall as nftables rules, in a table of our own, each with its author's words as its comment. */
import { type NatSetup, NOBODY_ASKED } from './nat.ts';

export const FILTER_TABLE = 'inet lanlab_filter';

/** Rules for packets that a router forwards, or that another host lets in. `deny` and `reject` count before `allow`. */
export interface FirewallSetup {
  deny: FirewallRule[];
  reject: FirewallRule[];
  /** Where it is present, nothing else may begin. */
  allow?: FirewallRule[];
}

export interface FirewallRule {
  /** As its author wrote it. */
  text: string;
  protocol: 'tcp' | 'udp' | 'icmp' | 'ip';
  /** One ICMP message. Its rule comes before the one that lets answers pass, since an error about a connection is no answer. */
  message?: { ipv4?: IcmpType; ipv6?: IcmpType };
  /** The rule is for packets to this router itself. */
  itself?: true;
  /** Addresses and subnets; empty for every address. */
  from: string[];
  fromPorts?: PortRange[];
  to: string[];
  toPorts?: PortRange[];
}

interface IcmpType {
  type: number;
  code?: number;
}

interface PortRange {
  from: number;
  to: number;
}

/** nftables takes 128 bytes, the final zero among them. */
const MOST_COMMENT = 127;

export interface Host {
  forward: boolean;
  ipv6: boolean;
}

/** The inside of the table, one item a line. A router's rules are for packets that it forwards, or for packets to itself. */
export function compileFirewall(
  firewall: FirewallSetup | undefined,
  nat: NatSetup | undefined,
  { forward, ipv6 }: Host,
): string[] {
  const passing = firewall && about(firewall, (rule) => !rule.itself);
  const toItself = firewall && about(firewall, (rule) => rule.itself === true);
  return [
    ...(nat ? newFromOutside(nat) : []),
    ...(passing ? said(passing, { forward, ipv6 }) : []),
    ...(toItself || (nat && !nat.answers) ? ofRouter(toItself ?? NO_RULES, nat, ipv6) : []),
  ];
}

const NO_RULES: FirewallSetup = { deny: [], reject: [] };

/** The rules of one kind; undefined where there are none. */
function about(
  { deny, reject, allow }: FirewallSetup,
  is: (rule: FirewallRule) => boolean,
): FirewallSetup | undefined {
  const [allowed, denied, rejected] = [allow?.filter(is) ?? [], deny.filter(is), reject.filter(is)];
  if (allowed.length + denied.length + rejected.length === 0) return undefined;
  return { deny: denied, reject: rejected, ...(allowed.length > 0 && { allow: allowed }) };
}

/** A NAT lets in only packets that were asked for. This holds for the addresses inside too, although a route may lead there. */
function newFromOutside({ outside }: NatSetup): string[] {
  return [
    'chain newFromOutside {',
    '  type filter hook forward priority filter - 1; policy accept;',
    '  ct state established,related accept',
    '  ct status dnat accept',
    `  meta nfproto ipv4 iifname "${outside}" drop ${comment(NOBODY_ASKED)}`,
    '}',
  ];
}

function said(firewall: FirewallSetup, { forward, ipv6 }: Host): string[] {
  return [
    'chain said {',
    `  type filter hook ${forward ? 'forward' : 'input'} priority filter; policy accept;`,
    ...judged(firewall, ipv6, forward ? [] : toHost(ipv6)),
    ...(firewall.allow ? [NOTHING_ALLOWS] : []),
    '}',
  ];
}

/** The chain for packets to a router itself. At its outside address, a NAT answers only packets that a rule allows. */
function ofRouter(firewall: FirewallSetup, nat: NatSetup | undefined, ipv6: boolean): string[] {
  const silent = nat && !nat.answers;
  return [
    'chain itself {',
    '  type filter hook input priority filter; policy accept;',
    ...judged(firewall, ipv6, toHost(ipv6)),
    ...(silent ? [`  iifname "${nat.outside}" ip daddr ${nat.address} drop ${comment(NOBODY_ASKED)}`] : []),
    ...(firewall.allow ? [NOTHING_ALLOWS] : []),
    '}',
  ];
}

/** First the rules for ICMP messages, then the packets that always pass, then all other rules. */
function judged({ deny, reject, allow = [] }: FirewallSetup, ipv6: boolean, passes: string[]): string[] {
  const lines = (rules: readonly FirewallRule[], word: string, verdict: string) =>
    rules.flatMap((rule) =>
      matchesOf(rule, ipv6).map((match) => `  ${match} ${verdict} ${comment(`${word} ${rule.text}`)}`),
    );
  const messages = deny.filter(({ message }) => message);
  const others = deny.filter(({ message }) => !message);
  return [
    ...lines(messages, 'deny', 'drop'),
    '  ct state established,related accept',
    ...passes,
    ...lines(others, 'deny', 'drop'),
    ...reject.flatMap((rule) => refusals(rule, ipv6)),
    ...lines(allow, 'allow', 'accept'),
  ];
}

function toHost(ipv6: boolean): string[] {
  return ['  iifname "lo" accept', ...(ipv6 ? [NEIGHBOURS] : [])];
}

const NOTHING_ALLOWS = `  drop ${comment('nothing under allow is about it')}`;

/** Neighbour discovery, IPv6's counterpart of ARP. No rule is about it (RFC 4890 section 4.4.1). */
const NEIGHBOURS =
  '  icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept';

/**
 * Destination unreachable: code 13 is a router's word for this (RFC 1812 section 5.3.9), code 1 in ICMPv6 (RFC 4443 section
 * 3.1).
 */
function refusals(rule: FirewallRule, ipv6: boolean): string[] {
  const says = comment(`reject ${rule.text}`);
  const icmp = `reject with ${ipv6 ? 'icmpx' : 'icmp'} admin-prohibited ${says}`;
  const tcp = `reject with tcp reset ${says}`;
  const lines = (one: FirewallRule, answer: string) =>
    matchesOf(one, ipv6).map((match) => `  ${match} ${answer}`);
  if (rule.protocol === 'tcp') return lines(rule, tcp);
  if (rule.protocol !== 'ip') return lines(rule, icmp);
  return [...lines({ ...rule, protocol: 'tcp' }, tcp), ...lines(rule, icmp)];
}

interface Family {
  nfproto: 'ipv4' | 'ipv6';
  header: string;
  icmp: string;
  /** The word of nftables for the family's ICMP messages. */
  word: string;
  has: (address: string) => boolean;
}

const FOUR: Family = {
  nfproto: 'ipv4',
  header: 'ip',
  icmp: 'icmp',
  word: 'icmp',
  has: (one) => !one.includes(':'),
};
const SIX: Family = {
  nfproto: 'ipv6',
  header: 'ip6',
  icmp: 'ipv6-icmp',
  word: 'icmpv6',
  has: (one) => one.includes(':'),
};

/** One match for each family that has addresses of both ends; ports alone are the same in both families. */
function matchesOf(rule: FirewallRule, ipv6: boolean): string[] {
  const { protocol, from, to } = rule;
  const named = from.length + to.length > 0;
  if (!named && (protocol === 'tcp' || protocol === 'udp')) return matchOf(rule, FOUR);
  return (ipv6 ? [FOUR, SIX] : [FOUR]).flatMap((family) => {
    const ours = { ...rule, from: from.filter(family.has), to: to.filter(family.has) };
    const nobody = (from.length > 0 && ours.from.length === 0) || (to.length > 0 && ours.to.length === 0);
    return nobody ? [] : matchOf(ours, family);
  });
}

/** No match where the family has no such packet. */
function matchOf(rule: FirewallRule, family: Family): string[] {
  const { protocol, from, fromPorts, to, toPorts } = rule;
  const { header } = family;
  const first = protocolMatch(rule, family);
  if (first === undefined) return [];
  const parts = [
    first,
    from.length > 0 && `${header} saddr { ${from.join(', ')} }`,
    to.length > 0 && `${header} daddr { ${to.join(', ')} }`,
    fromPorts && `${protocol} sport ${portMatch(fromPorts)}`,
    toPorts && `${protocol} dport ${portMatch(toPorts)}`,
  ];
  return [parts.filter((part) => typeof part === 'string').join(' ')];
}

/** Undefined where the family has no such message. */
function protocolMatch(
  { protocol, message }: FirewallRule,
  { nfproto, icmp, word }: Family,
): string | undefined {
  if (protocol === 'ip') return `meta nfproto ${nfproto}`;
  if (protocol !== 'icmp') return `meta l4proto ${protocol}`;
  if (!message) return `meta l4proto ${icmp}`;
  const found = message[nfproto];
  return (
    found && `${word} type ${found.type}${found.code === undefined ? '' : ` ${word} code ${found.code}`}`
  );
}

function portMatch(ranges: readonly PortRange[]): string {
  const all = ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
  return all.length === 1 ? all[0]! : `{ ${all.join(', ')} }`;
}

function comment(text: string): string {
  return `comment "${text.replaceAll(/["\\\n]/g, ' ').slice(0, MOST_COMMENT)}"`;
}
