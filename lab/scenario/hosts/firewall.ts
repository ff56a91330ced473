/**
 * `allow:`, `deny:` and `reject:` of a host, read and checked: who may send what to whom, a rule a line, in the
 * words of `wire:`: `tcp * > web:22`.
 */
import { z } from 'zod';
import { FIREWALL_WORDS, type Firewall, type FirewallRule, type Host } from '../../model/types.ts';
import { type End, type Line, PROTOCOLS as OF_LINES } from '../../wire/lines/line.ts';
import { isAnybody } from '../../wire/lines/other-tools.ts';
import { printLine } from '../../wire/lines/print.ts';
import { readLine, SHAPE } from '../../wire/lines/read.ts';
import type { Dangling } from '../hints/dangling-reference.ts';
import { nearest } from '../hints/nearest.ts';
import { type Page, refuse } from '../text/page.ts';
import { placeOf, plain } from '../text/tree.ts';
import { controlIn, WITHOUT_CONTROL } from '../values/control-characters.ts';
import type { ReadHost } from './read-host.ts';

const PROTOCOLS = ['tcp', 'udp', 'icmp', 'ip'] as const;
/** A whole rule, for who has written something else. */
const RULE = 'write it so: tcp * > *:22';

const rule = z
  .string()
  .transform((text, context): FirewallRule => {
    const [, transport = 'tcp', port] = /^(?:(tcp|udp)\s*[ /:]\s*)?(\d{1,5})$/.exec(text.trim()) ?? [];
    if (port !== undefined) {
      const hint = `write ${transport} * > *:${port}`;
      context.addIssue({
        code: 'custom',
        message: 'a port alone does not say who sends to whom',
        params: { hint },
      });
      return z.NEVER;
    }
    const { line, problems } = readLine(text);
    const control = controlIn(text);
    // It becomes a comment of the kernel's rule.
    if (line && control) {
      const params = { hint: WITHOUT_CONTROL };
      context.addIssue({ code: 'custom', message: `${control} cannot stand in a rule`, params });
      return z.NEVER;
    }
    const objections = line ? notForRules(line) : [];
    for (const { column, length, message, hint, allowed, word } of problems ?? []) {
      const meant = word === undefined ? undefined : nearest(word, allowed ?? []);
      const params = {
        hint: hint === SHAPE ? RULE : (hint ?? (meant && `did you mean \`${meant}\`?`)),
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
  .meta({ description: 'The packets, their sender and their receiver: "tcp * > web:22", in quotes.' });

function notForRules(line: Line): Dangling[] {
  const { protocol, word, fields } = line;
  const found: Dangling[] = [];
  if (!PROTOCOLS.some((one) => one === protocol))
    found.push({ message: `a rule is not about \`${protocol}\``, allowed: PROTOCOLS });
  if (word || fields.length > 0) {
    const message = 'a rule says who sends to whom, and nothing more of the frame';
    found.push({ message, hint: `write ${bare(line)}` });
  }
  const groups = [line.source, line.destination].filter(({ party }) => isGroup(party.kind));
  for (const { party } of groups) {
    const message = `a rule is about hosts and their addresses, and \`${party.kind}\` is neither`;
    found.push({ message, hint: `for anybody write ${bare(line)}` });
  }
  return found;
}

function isGroup(kind: End['party']['kind']): boolean {
  return kind === 'broadcast' || kind === 'multicast';
}

/** The line with nothing but who sends to whom; anybody in place of everybody. */
function bare({ protocol, source, destination }: Line): string {
  const one = (end: End): End => (isGroup(end.party.kind) ? { ...end, party: { kind: 'any' } } : end);
  return printLine({ protocol, source: one(source), destination: one(destination), fields: [] });
}

const rules = (description: string) => z.array(rule).min(1).optional().describe(description);

export const firewallKeys = {
  allow: rules(
    'Rules such as "tcp * > web:22". A router forwards, and any other host lets in, new packets that a rule names, and no others. Answers always pass.',
  ),
  deny: rules('Rules for packets that are dropped without an answer. They win over `allow`.'),
  reject: rules(
    'Rules for packets that are refused with an answer: a RST, or ICMP’s "administratively prohibited". They win over `allow`.',
  ),
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
    const message = `this rule is about packets to \`${host.name}\`, and the rules of a router are about packets that it forwards`;
    return { message, hint: 'name the host that gets the packet' };
  }
  if (host.forward || itself || party.kind !== 'host') return undefined;
  const message = `this rule is about packets to \`${party.host}\`, and the rules of a host are about packets to itself`;
  const hint = `write \`${host.name}\` or *, or put the rule at \`${party.host}\` or at a router between`;
  return { message, hint };
}

function wrongHost({ party }: End, hosts: ReadonlyMap<string, Host>): Dangling | undefined {
  if (party.kind !== 'host') return undefined;
  const found = hosts.get(party.host);
  if (!found) return noHost(party.host, hosts);
  const theirs = found.networks.map(({ network }) => network);
  if (party.network === undefined || theirs.includes(party.network)) return undefined;
  return { message: `\`${party.host}\` is not on \`${party.network}\``, allowed: theirs };
}

/** A network or a word for anybody in place of a host, or a slip. */
function noHost(written: string, hosts: ReadonlyMap<string, Host>): Dangling {
  const allowed = [...hosts.keys()];
  if (isAnybody(written)) return { message: `no host \`${written}\``, hint: 'for anybody write *', allowed };
  const members = [...hosts.values()]
    .filter(({ networks }) => networks.some(({ network }) => network === written))
    .map(({ name }) => name);
  if (members.length > 0) {
    const hint = `write a rule for each of its hosts (${members.join(', ')}), or * for anybody`;
    return { message: `\`${written}\` is a network, and a rule is about hosts`, hint };
  }
  const meant = nearest(written, hosts.keys());
  return { message: `no host \`${written}\``, hint: meant && `did you mean \`${meant}\`?`, allowed };
}
