/** `links:`, read and checked: the links between two hosts, in both directions or in one. */
import { z } from 'zod';
import type { LinkBetween } from '../../model/link.ts';
import type { Host } from '../../model/types.ts';
import { impairmentOf, LINK_WORDS, queueNeedsRate } from '../networks/link.ts';
import { dangling } from '../steps/references.ts';
import { check } from '../text/check.ts';
import { type Page, refuse } from '../text/page.ts';
import { type Entry, placeOf } from '../text/tree.ts';
import { name } from '../values/values.ts';

const EXAMPLE = '{ between: [alice, bob], delay: 20ms }';

const one = z
  .strictObject({
    between: z.tuple([name, name]).optional().describe('Two hosts: frames in both directions.'),
    from: name.optional().describe('The sender, where the link is for one direction.'),
    to: name.optional().describe('The receiver.'),
    seed: z.int().min(0).max(0xffff_ffff).optional().describe('Equal seeds draw equal numbers.'),
    ...LINK_WORDS.shape,
  })
  .superRefine((read, context) => {
    queueNeedsRate(read, context);
    const oneWay = read.from !== undefined && read.to !== undefined && read.between === undefined;
    const bothWays = read.between !== undefined && read.from === undefined && read.to === undefined;
    if (!oneWay && !bothWays)
      context.addIssue({
        code: 'custom',
        message: 'a link has two ends: `between` two hosts, or `from` one `to` another',
        params: { hint: `write ${EXAMPLE}` },
      });
  });

export const linksSchema = z.array(one).min(1);

/** The links whose hosts are there and share a network; problems with the others are noted. */
export function readLinks(
  page: Page,
  entry: Entry | undefined,
  hosts: ReadonlyMap<string, Host>,
): LinkBetween[] | undefined {
  const read =
    entry &&
    check(page, linksSchema, entry.value, entry.at, '`links`', () => ({
      example: [{ between: ['alice', 'bob'], delay: '20ms' }],
    }));
  if (!read) return undefined;
  return read.value.flatMap(({ between, from, to, seed, ...words }, index) => {
    const ends = between ?? [from!, to!];
    const paths = between
      ? [
          ['between', 0],
          ['between', 1],
        ]
      : [['from'], ['to']];
    const found = ends.map((value) =>
      dangling({ path: [], is: 'host', value }, { at: undefined, hosts, conversations: [] }),
    );
    for (const [side, problem] of found.entries())
      if (problem)
        refuse(page, placeOf(entry.value, [index, ...paths[side]!], entry.at), problem.message, problem);
    if (found.some(Boolean)) return [];
    const [one, other] = ends.map((name) => hosts.get(name)!.networks.map(({ network }) => network));
    if (ends[0] === ends[1] || !one!.some((network) => other!.includes(network))) {
      const message =
        ends[0] === ends[1]
          ? 'a link is between two hosts'
          : `\`${ends[0]}\` shares no network with \`${ends[1]}\``;
      refuse(page, placeOf(entry.value, [index], entry.at), message, {
        hint: 'name two hosts on one network, or write `link` at the card of one of them',
      });
      return [];
    }
    const impairment = impairmentOf(words);
    return [
      {
        from: ends[0],
        to: ends[1],
        both: between !== undefined,
        impairment,
        ...(seed !== undefined && { seed }),
      },
    ];
  });
}
