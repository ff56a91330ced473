/** Faults whose value is the place where they stand: `blackhole: [alice, echo]`. */
import type { Impairment } from '../../agent/protocol.ts';
import type { Objection } from '../../scenario/vocabulary.ts';
import type { FaultKind } from '../fault.ts';
import { impairing } from './impair.ts';
import { type On, on } from './on.ts';
import { type Only, only } from './only.ts';

interface Words<Word extends string> {
  word: Word;
  summary: string;
  example: string;
  impairment: Impairment;
  /** The protocols that `only` may name, where the fault does nothing to frames of the others. */
  touches?: readonly Only['protocol'][];
}

export function placed<Word extends string>({
  word,
  summary,
  example,
  impairment,
  touches,
}: Words<Word>): FaultKind<Record<Word, On> & { only?: Only }, On> {
  type Args = Record<Word, On> & { only?: Only };
  const shared = impairing<{ on: On; only?: Only | undefined }>(() => impairment);
  const whole = (args: Args) => ({ on: args[word], only: args.only });
  const untouched = ({ only }: Args): Objection[] => {
    if (!only || !touches || touches.includes(only.protocol)) return [];
    const message = `\`${word}\` does nothing to frames of \`${only.protocol}\``;
    return [{ path: ['only'], message, hint: `write a line of ${touches.join(', ')}` }];
  };
  /** The place stands under the word. */
  const under = <One extends { path: (string | number)[] }>(found: readonly One[]) =>
    found.map((one) => ({
      ...one,
      path: one.path.map((key, at) => (at === 0 && key === 'on' ? word : key)),
    }));
  return {
    word,
    summary,
    example,
    schema: on,
    beside: {
      shape: { only: only.optional().describe('The frames that it is for. Without it every frame is.') },
      together: [word],
    },
    references: (args) => under(shared.references(whole(args))),
    objections: (args, ...known) => [
      ...under(shared.objections?.(whole(args), ...known) ?? []),
      ...untouched(args),
    ],
    breaks: (args, hosts) => shared.breaks(whole(args), hosts),
    lacking: (args, hosts) => shared.lacking?.(whole(args), hosts),
    explain: (args) => shared.explain(whole(args)),
    begin: (args, hosts) => shared.begin(whole(args), hosts),
  };
}
