/** Loses exactly the frames that are named, by their place in the row: what no random fault can promise. */
import { z } from 'zod';
import type { FaultKind } from '../fault.ts';
import { impairing } from './impair.ts';
import { type On, on, onObjections, onReferences } from './on.ts';
import { type Only, only, onlyReferences } from './only.ts';

const nth = z.int().min(1).max(1_000_000);

interface Dropping {
  drop: { nth: number | number[]; of: Only };
  on?: On | undefined;
}

const schema = z
  .strictObject({
    nth: z
      .union([nth, z.array(nth).min(1).max(1000)])
      .describe('Which frame, counted from 1 when the fault begins, or several in a list.'),
    of: only.describe('The frames that are counted, in quotes: "tcp alice > echo".'),
  })
  .describe('Which frames of a row are lost.');

interface Whole {
  on: On;
  only: Only;
  nth: number[];
}

const shared = impairing<Whole>(({ nth }) => ({ nth }));

/** At the cable of the sender, where no other one is written. */
function whole({ drop, on }: Dropping): Whole {
  const nths = [drop.nth].flat().toSorted((a, b) => a - b);
  const { party } = drop.of.source;
  const cable = party.kind === 'host' ? [party.host, party.network].filter(Boolean).join('.') : '';
  return { on: on ?? { kind: 'cable', cable, direction: 'out' }, only: drop.of, nth: nths };
}

export const drop: FaultKind<Dropping, Dropping['drop']> = {
  word: 'drop',
  summary: 'Loses exactly the named frames, counted from the start of the fault, and no others.',
  example: 'fault: { drop: { nth: 3, of: "tcp alice > echo" }, as: gap }',
  schema,
  beside: {
    shape: {
      on: on.optional().describe('The place of the fault. By default it is the cable of the sender.'),
    },
    together: ['drop'],
  },

  references: ({ drop, on }) => [
    ...(on ? onReferences(on) : []),
    ...onlyReferences('of', drop.of).map((one) => ({ ...one, path: ['drop', ...one.path] })),
  ],

  objections(args, hosts) {
    if (args.on) return onObjections(args.on, hosts);
    if (args.drop.of.source.party.kind === 'host') return [];
    const message = 'the sender is anybody, so it is not clear on which cable frames are counted';
    return [{ path: ['drop', 'of'], message, hint: 'name the sender, or write `on`' }];
  },

  breaks: (args, hosts) => shared.breaks(whole(args), hosts),
  lacking: (args, hosts) => shared.lacking?.(whole(args), hosts),
  explain: (args) => shared.explain(whole(args)),
  begin: (args, hosts) => shared.begin(whole(args), hosts),
};
