/**
 * `allow:`, `deny:` and `reject:` of a host, read and checked: who may send what to whom, a rule a line, in the
 * words of `wire:`: `tcp * > web:22`.
 */
import { z } from 'zod';
import {
  FIREWALL_WORDS,
  type Firewall,
  type FirewallRule,
  type Host,
  type RuleEnd,
} from '../../model/types.ts';
import { type End, type Line, PROTOCOLS as OF_LINES, transportOf } from '../../wire/lines/line.ts';
import { isError, typeCodesOf } from '../../wire/lines/messages.ts';
import { isAnybody } from '../../wire/lines/other-tools.ts';
import { printLine } from '../../wire/lines/print.ts';
import { readLine, SHAPE } from '../../wire/lines/read.ts';
import type { Dangling } from '../hints/dangling-reference.ts';
import { nearest } from '../hints/nearest.ts';
import { type Page, refuse } from '../text/page.ts';
import { placeOf, plain } from '../text/tree.ts';
import { controlIn, WITHOUT_CONTROL } from '../values/control-characters.ts';
import type { ReadHost } from './read-host.ts';
import { type More, readRuleText } from './rule-ends.ts';

const PROTOCOLS = ['tcp', 'udp', 'icmp', 'ip'] as const;
/** A whole rule, as a hint for an author who has written something else. */
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
    const more = readRuleText(text);
    const read = readLine(more.line);
    const { line } = read;
    const problems = [...more.problems, ...(read.problems ?? [])];
    const control = controlIn(text);
    // The text becomes the comment of a rule in the kernel.
    if (line && control) {
      const params = { hint: WITHOUT_CONTROL };
      context.addIssue({ code: 'custom', message: `${control} cannot stand in a rule`, params });
      return z.NEVER;
    }
    const objections = line ? notForRules(line) : [];
    for (const { column, length, message, hint, allowed, word } of problems) {
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
    if (!line || problems.length + objections.length > 0) return z.NEVER;
    const protocol = PROTOCOLS.find((one) => one === line.protocol)!;
    const message = line.word?.word === 'message' && typeCodesOf(line.word.message);
    return {
      text,
      protocol,
      ...(message && { message }),
      source: endOf(line.source, more.source),
      destination: endOf(line.destination, more.destination),
    };
  })
  .meta({ description: 'The packets, their sender and their receiver: "tcp * > web:22", in quotes.' });

function endOf({ party, port }: End, { subnet, ports }: More): RuleEnd {
  const all = ports ?? (port === undefined ? undefined : [{ from: port, to: port }]);
  return {
    party: subnet === undefined ? party : { kind: 'subnet', subnet },
    ...(all && { ports: all }),
  };
}

function notForRules(line: Line): Dangling[] {
  const { protocol, word, fields } = line;
  const found: Dangling[] = [];
  const carrier = transportOf(protocol);
  if (!PROTOCOLS.some((one) => one === protocol))
    found.push({
      message: `a rule is not about \`${protocol}\``,
      hint: carrier === protocol ? undefined : `write ${bare({ ...line, protocol: carrier })}`,
      allowed: PROTOCOLS,
    });
  if ((word && word.word !== 'message') || fields.length > 0) {
    const message = 'a rule says who sends to whom, and nothing more of the frame but a message of ICMP';
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

/** The line with nothing but its sender and its receiver; anybody in place of a group. */
function bare({ protocol, source, destination }: Line): string {
  const one = (end: End): End => (isGroup(end.party.kind) ? { ...end, party: { kind: 'any' } } : end);
  return printLine({ protocol, source: one(source), destination: one(destination), fields: [] });
}

/** An error passes as an answer before any `reject` is looked at, and a kernel answers no error. */
const refusal = rule.superRefine(({ text }, context) => {
  const { line } = readLine(readRuleText(text).line);
  if (line?.word?.word !== 'message' || !isError(line.word.message)) return;
  const message = `\`${line.word.message}\` is an error of ICMP, and no error is answered (RFC 1122 section 3.2.2)`;
  context.addIssue({ code: 'custom', message, params: { hint: 'write this rule under `deny`' } });
});

const rules = (description: string, one: z.ZodType<FirewallRule> = rule) =>
  z.array(one).min(1).optional().describe(description);

export const firewallKeys = {
  allow: rules(
    'Rules such as "tcp lan > web:80,443" or "udp 10.0.0.0/8 > *:1000-2000". A router forwards, and any other host lets in, new packets that a rule names, and no others. A rule whose receiver is the router is about what it lets in itself. Answers always pass.',
  ),
  deny: rules(
    'Rules for packets that are dropped without an answer. They win over `allow`. A rule about an error of ICMP, such as "icmp * > * fragmentation-needed", drops it too, though it is an answer.',
  ),
  reject: rules(
    'Rules for packets that are refused with an answer: a RST, or ICMP’s "administratively prohibited". They win over `allow`. An error of ICMP cannot be refused: write such a rule under `deny`.',
    refusal,
  ),
};

export type WrittenFirewall = { [key in keyof typeof firewallKeys]?: FirewallRule[] | undefined };

/** Undefined where nothing is written. */
export function firewallOf({ allow, deny = [], reject = [] }: WrittenFirewall): Firewall | undefined {
  if (!allow && deny.length + reject.length === 0) return undefined;
  return { deny, reject, ...(allow && { allow }) };
}

/**
 * Checks that the hosts of every rule exist, and that its packets come by this host; problems are noted. Every line that can
 * be read is checked, whatever is wrong with the others.
 */
export function checkFirewall(
  page: Page,
  { host, keys }: ReadHost,
  hosts: ReadonlyMap<string, Host>,
  networks: ReadonlySet<string>,
): void {
  for (const { key, value, at } of keys) {
    if (!FIREWALL_WORDS.some((word) => word === key)) continue;
    const lines: unknown[] = [plain(value)].flat();
    for (const [index, text] of lines.entries()) {
      const line = typeof text === 'string' ? readLine(readRuleText(text).line).line : undefined;
      const found = line && wrongWith(line, host, hosts, networks);
      if (found) refuse(page, placeOf(value, [index], at), found.message, found);
    }
  }
}

function wrongWith(
  { source, destination }: Pick<Line, 'source' | 'destination'>,
  host: Host,
  hosts: ReadonlyMap<string, Host>,
  networks: ReadonlySet<string>,
): Dangling | undefined {
  const missing = [source, destination].flatMap((end) => wrongHost(end, hosts, networks) ?? []);
  if (missing[0]) return missing[0];
  const { party } = destination;
  const itself = party.kind === 'host' && party.host === host.name;
  if (host.forward && source.party.kind === 'host' && source.party.host === host.name) {
    const message = `this rule is about packets from \`${host.name}\`, and no rule of a host is about what it sends itself`;
    return { message, hint: 'put the rule at the host that gets the packets, or at a router between' };
  }
  const isNetwork = party.kind === 'host' && !hosts.has(party.host);
  if (host.forward || itself || isNetwork || party.kind !== 'host') return undefined;
  const message = `this rule is about packets to \`${party.host}\`, and the rules of a host are about packets to itself`;
  const hint = `write \`${host.name}\` or *, or put the rule at \`${party.host}\` or at a router between`;
  return { message, hint };
}

function wrongHost(
  { party }: End,
  hosts: ReadonlyMap<string, Host>,
  networks: ReadonlySet<string>,
): Dangling | undefined {
  if (party.kind !== 'host') return undefined;
  const found = hosts.get(party.host);
  if (!found && party.network === undefined && networks.has(party.host)) return undefined;
  if (!found && networks.has(party.host))
    return { message: `\`${party.host}\` is a network`, hint: `for all of it write \`${party.host}\`` };
  if (!found) return noHost(party.host, [...hosts.keys(), ...networks]);
  const theirs = found.networks.map(({ network }) => network);
  if (party.network === undefined || theirs.includes(party.network)) return undefined;
  return { message: `\`${party.host}\` is not on \`${party.network}\``, allowed: theirs };
}

/** The problem with an unknown name: it is another tool's word for anybody, or mistyped. */
function noHost(written: string, allowed: readonly string[]): Dangling {
  const message = `no host and no network \`${written}\``;
  if (isAnybody(written)) return { message, hint: 'for anybody write *', allowed };
  const meant = nearest(written, allowed);
  return { message, hint: meant && `did you mean \`${meant}\`?`, allowed };
}
