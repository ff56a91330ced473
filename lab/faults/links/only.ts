/** `only:`: which frames a fault of a link is for, in the words of wire lines. */
import { z } from 'zod';
import type { Matching } from '../../agent/protocol.ts';
import type { PlannedHost } from '../../model/planned.ts';
import type { Reference } from '../../scenario/vocabulary.ts';
import { type End, type Line, transportOf } from '../../wire/lines/line.ts';
import { printLine } from '../../wire/lines/print.ts';
import { readLine } from '../../wire/lines/read.ts';

const PROTOCOLS = ['tcp', 'udp', 'icmp', 'icmpv6', 'arp', 'ip'] as const;

export type Only = Pick<Line, 'source' | 'destination'> & { protocol: (typeof PROTOCOLS)[number] };

export const only = z
  .string()
  .transform((text, context): Only => {
    const { line, problems } = readLine(text);
    for (const { column, length, message, hint, allowed } of problems ?? [])
      context.addIssue({
        code: 'custom',
        message,
        params: { hint, allowed, part: { from: column - 1, length } },
      });
    const protocol = PROTOCOLS.find((one) => one === line?.protocol);
    if (!line) return z.NEVER;
    const refused = (message: string, params: object) => {
      context.addIssue({ code: 'custom', message, params });
      return z.NEVER;
    };
    const carrier = transportOf(line.protocol);
    const hint = carrier === line.protocol ? {} : { hint: `begin the line with ${carrier}` };
    if (!protocol)
      return refused(`a fault is not for \`${line.protocol}\` alone`, { allowed: PROTOCOLS, ...hint });
    if (line.word || line.fields.length > 0)
      return refused('this says who sends to whom, and nothing more of the frame', {
        hint: `write ${printLine({ protocol, source: line.source, destination: line.destination, fields: [] })}`,
      });
    return { protocol, source: line.source, destination: line.destination };
  })
  .meta({ description: 'A protocol and two ends, in quotes: "udp alice > echo:9000". For anybody write *.' });

export function onlyReferences(key: string, { source, destination }: Only): Reference[] {
  return [source, destination].flatMap(({ party }): Reference[] =>
    party.kind === 'host' ? [{ path: [key], is: 'host', value: party.host }] : [],
  );
}

/** With the addresses of the plan in place of names. */
export function matchingOf({ protocol, source, destination }: Only, hosts: readonly PlannedHost[]): Matching {
  const [from, to] = [addressesOf(source, hosts), addressesOf(destination, hosts)];
  return {
    protocol,
    ...(from && { from }),
    ...(to && { to }),
    ...(source.port !== undefined && { fromPort: source.port }),
    ...(destination.port !== undefined && { toPort: destination.port }),
  };
}

/** Undefined: anybody's. */
function addressesOf({ party }: End, hosts: readonly PlannedHost[]): string[] | undefined {
  if (party.kind === 'address') return [party.address];
  if (party.kind !== 'host') return undefined;
  const { host, network } = party;
  const cards = hosts.find(({ name }) => name === host)?.interfaces ?? [];
  return cards
    .filter((one) => network === undefined || one.network === network)
    .flatMap(({ addresses, linkLocal }) => [
      ...addresses.map(({ address }) => address),
      ...(linkLocal === undefined ? [] : [linkLocal]),
    ]);
}
