/**
 * `allow:`, `deny:` and `reject:` of a host, read and checked: who may send what to whom, a rule a line, in the
 * words of `wire:`: `tcp * > web:22`.
 */
import { z } from 'zod';
import { type End, type Line, PROTOCOLS as OF_LINES } from '../wire/lines/line.ts';
import { readLine } from '../wire/lines/read.ts';
import type { ReadHost } from './hosts.ts';
import { nearest } from './nearest.ts';
import { type Page, refuse } from './page.ts';
import type { Dangling } from './references.ts';
import { placeOf, plain } from './tree.ts';
import { FIREWALL_WORDS, type Firewall, type FirewallRule, type Host } from './types.ts';

const PROTOCOLS = ['tcp', 'udp', 'icmp', 'ip'] as const;
const SHAPE = 'write it so: tcp * > web:22';

const rule = z
  .string()
  .transform((text, context): FirewallRule => {
    const { line, problems } = readLine(text);
    const objections = line ? notForRules(line) : [];
    for (const { column, length, message, hint, allowed, word } of problems ?? []) {
      const meant = word === undefined ? undefined : nearest(word, allowed ?? []);
      const params = {
        hint: hint ?? (meant && `did you mean \`${meant}\`?`),
        allowed: allowed === OF_LINES ? PROTOCOLS : allowed,
        part: { from: column - 1, length },
      };
      context.addIssue({ code: 'custom', message, params });
    }
    for (const { message, hint, allowed } of objections)
      context.addIssue({ code: 'custom', message, params: { hint, allowed } });
    if (!line || objections.length > 0) return z.NEVER;
    const protocol = PROTOCOLS.find((one) => one === line.protocol)!;
    return { text, protocol, source: line.source, destination: line.destination };
  })
  .meta({ description: 'Who sends what to whom: "tcp * > web:22", in quotes.' });

function notForRules({ protocol, source, destination, word, fields }: Line): Dangling[] {
  const found: Dangling[] = [];
  if (!PROTOCOLS.some((one) => one === protocol))
    found.push({ message: `a rule is not about \`${protocol}\``, allowed: PROTOCOLS });
  if (word || fields.length > 0)
    found.push({ message: 'a rule says who sends to whom, and nothing more of the frame', hint: SHAPE });
  for (const { party } of [source, destination]) {
    if (party.kind === 'broadcast' || party.kind === 'multicast')
      found.push({ message: 'a rule is about hosts and their addresses', hint: `${SHAPE}; for anybody *` });
  }
  return found;
}

const rules = (description: string) => z.array(rule).min(1).optional().describe(description);

export const firewallKeys = {
  allow: rules(
    'Lines as "tcp * > web:22" (tcp, udp, icmp or ip, of either family; neighbour discovery always passes): what alone a router forwards, or a host lets in, of what begins anew; answers always come through.',
  ),
  deny: rules('What it drops without a word, whatever is allowed.'),
  reject: rules('What it refuses and says so: a RST, or ICMP’s administratively prohibited.'),
};

export type WrittenFirewall = { [key in keyof typeof firewallKeys]?: FirewallRule[] | undefined };

/** Undefined where nothing is written. */
export function firewallOf({ allow, deny = [], reject = [] }: WrittenFirewall): Firewall | undefined {
  if (!allow && deny.length + reject.length === 0) return undefined;
  return { deny, reject, ...(allow && { allow }) };
}

/**
 * Whether the hosts of every rule are there, and whether what it is about comes by; what is wrong is noted. Of every line
 * that can be read, whatever is wrong with others.
 */
export function checkFirewall(page: Page, { host, keys }: ReadHost, hosts: ReadonlyMap<string, Host>): void {
  for (const { key, value, at } of keys) {
    if (!FIREWALL_WORDS.some((word) => word === key)) continue;
    const lines: unknown[] = [plain(value)].flat();
    for (const [index, text] of lines.entries()) {
      const line = typeof text === 'string' ? readLine(text).line : undefined;
      const found = line && wrongWith(line, host, hosts);
      if (found) refuse(page, placeOf(value, [index], at), found.message, found);
    }
  }
}

function wrongWith(
  { source, destination }: Pick<FirewallRule, 'source' | 'destination'>,
  host: Host,
  hosts: ReadonlyMap<string, Host>,
): Dangling | undefined {
  const missing = [source, destination].flatMap((end) => wrongHost(end, hosts) ?? []);
  if (missing[0]) return missing[0];
  const { party } = destination;
  const itself = party.kind === 'host' && party.host === host.name;
  if (host.forward && itself) {
    const message = `this is for \`${host.name}\` itself: its rules are about what it forwards`;
    return { message, hint: 'name who it is handed on to' };
  }
  if (host.forward || itself || party.kind !== 'host') return undefined;
  const message = `this is for \`${party.host}\`: the rules of a host are about what it lets in itself`;
  const hint = `write \`${host.name}\` or *, or put the rule at \`${party.host}\` or at a router between`;
  return { message, hint };
}

function wrongHost({ party }: End, hosts: ReadonlyMap<string, Host>): Dangling | undefined {
  if (party.kind !== 'host') return undefined;
  const found = hosts.get(party.host);
  if (!found) {
    const meant = nearest(party.host, hosts.keys());
    const hint = meant && `did you mean \`${meant}\`?`;
    return { message: `no host \`${party.host}\``, hint, allowed: [...hosts.keys()] };
  }
  const theirs = found.networks.map(({ network }) => network);
  if (party.network === undefined || theirs.includes(party.network)) return undefined;
  return { message: `\`${party.host}\` is not on \`${party.network}\``, allowed: theirs };
}
