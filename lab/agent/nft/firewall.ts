/** Rules of a firewall as nftables rules, in a table of our own, each with its author's words as its comment. */
import { type NatSetup, NOBODY_ASKED } from './nat.ts';

export const FILTER_TABLE = 'inet lanlab_filter';

/** What a router forwards, what another host lets in. `deny` and `reject` count before `allow`. */
export interface FirewallSetup {
  deny: FirewallRule[];
  reject: FirewallRule[];
  /** Where it is there, nothing else begins anew. */
  allow?: FirewallRule[];
}

export interface FirewallRule {
  /** As its author wrote it. */
  text: string;
  protocol: 'tcp' | 'udp' | 'icmp' | 'ip';
  /** Addresses; none: anybody's. */
  from: string[];
  fromPort?: number;
  to: string[];
  toPort?: number;
}

/** nftables takes 128 bytes, the final zero among them. */
const MOST_COMMENT = 127;

export interface Host {
  forward: boolean;
  ipv6: boolean;
}

/** The inside of the table, a line an item. A router's rules are about what it forwards. */
export function compileFirewall(
  firewall: FirewallSetup | undefined,
  nat: NatSetup | undefined,
  { forward, ipv6 }: Host,
): string[] {
  return [...(nat ? unasked(nat) : []), ...(firewall ? said(firewall, { forward, ipv6 }) : [])];
}

/** A NAT lets nobody in who was not asked for: not by the addresses inside either, though there may be a route. */
function unasked({ outside }: NatSetup): string[] {
  return [
    'chain unasked {',
    '  type filter hook forward priority filter - 1; policy accept;',
    '  ct state established,related accept',
    '  ct status dnat accept',
    `  meta nfproto ipv4 iifname "${outside}" drop ${comment(NOBODY_ASKED)}`,
    '}',
  ];
}

function said({ deny, reject, allow }: FirewallSetup, { forward, ipv6 }: Host): string[] {
  const lines = (rules: readonly FirewallRule[], word: string, verdict: string) =>
    rules.flatMap((rule) =>
      matchesOf(rule, ipv6).map((match) => `  ${match} ${verdict} ${comment(`${word} ${rule.text}`)}`),
    );
  return [
    'chain said {',
    `  type filter hook ${forward ? 'forward' : 'input'} priority filter; policy accept;`,
    '  ct state established,related accept',
    ...(forward ? [] : ['  iifname "lo" accept']),
    ...(ipv6 && !forward ? [NEIGHBOURS] : []),
    ...lines(deny, 'deny', 'drop'),
    ...reject.flatMap((rule) => refusals(rule, ipv6)),
    ...lines(allow ?? [], 'allow', 'accept'),
    ...(allow ? [`  drop ${comment('nothing under allow is about it')}`] : []),
    '}',
  ];
}

/** What IPv6 has in place of ARP, which no rule is about (RFC 4890 section 4.4.1). */
const NEIGHBOURS =
  '  icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept';

/** RFC 1812 section 5.3.9: code 13 of destination unreachable is a router's word for this; RFC 4443 section 3.1: code 1. */
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

const FOUR = { nfproto: 'ipv4', header: 'ip', icmp: 'icmp', has: (one: string) => !one.includes(':') };
const SIX = { nfproto: 'ipv6', header: 'ip6', icmp: 'ipv6-icmp', has: (one: string) => one.includes(':') };

/** One for each family that has addresses of both ends; ports alone are the same in both. */
function matchesOf(rule: FirewallRule, ipv6: boolean): string[] {
  const { protocol, from, to } = rule;
  const named = from.length + to.length > 0;
  if (!named && (protocol === 'tcp' || protocol === 'udp')) return [matchOf(rule, FOUR)];
  return (ipv6 ? [FOUR, SIX] : [FOUR]).flatMap((family) => {
    const ours = { ...rule, from: from.filter(family.has), to: to.filter(family.has) };
    const nobody = (from.length > 0 && ours.from.length === 0) || (to.length > 0 && ours.to.length === 0);
    return nobody ? [] : [matchOf(ours, family)];
  });
}

function matchOf(
  { protocol, from, fromPort, to, toPort }: FirewallRule,
  { nfproto, header, icmp }: typeof FOUR,
): string {
  return [
    protocol === 'ip' ? `meta nfproto ${nfproto}` : `meta l4proto ${protocol === 'icmp' ? icmp : protocol}`,
    from.length > 0 && `${header} saddr { ${from.join(', ')} }`,
    to.length > 0 && `${header} daddr { ${to.join(', ')} }`,
    fromPort !== undefined && `${protocol} sport ${fromPort}`,
    toPort !== undefined && `${protocol} dport ${toPort}`,
  ]
    .filter((part) => part !== false)
    .join(' ');
}

function comment(text: string): string {
  return `comment "${text.replaceAll(/["\\\n]/g, ' ').slice(0, MOST_COMMENT)}"`;
}
