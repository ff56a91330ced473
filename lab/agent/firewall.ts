/** Rules of a firewall as nftables rules, in a table of our own, each with its author's words as its comment. */
import type { NatSetup } from './nat.ts';

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

/** The inside of the table, a line an item. A router's rules are about what it forwards. */
export function compileFirewall(
  firewall: FirewallSetup | undefined,
  nat: NatSetup | undefined,
  forward: boolean,
): string[] {
  return [...(nat ? unasked(nat) : []), ...(firewall ? said(firewall, forward) : [])];
}

/** A NAT lets nobody in who was not asked for: not by the addresses inside either, though there may be a route. */
function unasked({ outside }: NatSetup): string[] {
  return [
    'chain unasked {',
    '  type filter hook forward priority filter - 1; policy accept;',
    '  ct state established,related accept',
    '  ct status dnat accept',
    `  iifname "${outside}" drop comment "nat: nobody inside asked for it"`,
    '}',
  ];
}

function said({ deny, reject, allow }: FirewallSetup, forward: boolean): string[] {
  return [
    'chain said {',
    `  type filter hook ${forward ? 'forward' : 'input'} priority filter; policy accept;`,
    '  ct state established,related accept',
    ...(forward ? [] : ['  iifname "lo" accept']),
    ...deny.map((rule) => `  ${matchOf(rule)} drop ${comment(`deny ${rule.text}`)}`),
    ...reject.flatMap(refusals),
    ...(allow ?? []).map((rule) => `  ${matchOf(rule)} accept ${comment(`allow ${rule.text}`)}`),
    ...(allow ? [`  drop ${comment('nothing under allow is about it')}`] : []),
    '}',
  ];
}

/** RFC 1812 section 5.3.9: code 13 of destination unreachable is a router's word for this. */
function refusals(rule: FirewallRule): string[] {
  const says = comment(`reject ${rule.text}`);
  const icmp = `reject with icmp admin-prohibited ${says}`;
  const tcp = `reject with tcp reset ${says}`;
  if (rule.protocol === 'tcp') return [`  ${matchOf(rule)} ${tcp}`];
  if (rule.protocol !== 'ip') return [`  ${matchOf(rule)} ${icmp}`];
  return [`  ${matchOf({ ...rule, protocol: 'tcp' })} ${tcp}`, `  ${matchOf(rule)} ${icmp}`];
}

function matchOf({ protocol, from, fromPort, to, toPort }: FirewallRule): string {
  return [
    protocol === 'ip' ? 'meta nfproto ipv4' : `meta l4proto ${protocol}`,
    from.length > 0 && `ip saddr { ${from.join(', ')} }`,
    to.length > 0 && `ip daddr { ${to.join(', ')} }`,
    fromPort !== undefined && `${protocol} sport ${fromPort}`,
    toPort !== undefined && `${protocol} dport ${toPort}`,
  ]
    .filter((part) => part !== false)
    .join(' ');
}

function comment(text: string): string {
  return `comment "${text.replaceAll(/["\\\n]/g, ' ').slice(0, MOST_COMMENT)}"`;
}
