/** The frames that links, and faults of links, impaired in a run, as their cables tell: one entry for each direction. */
import type { Tally } from '../agent/protocol.ts';
import { printImpairment } from '../model/link-words.ts';
import type { CableRecord } from '../outcomes/cable-record.ts';
import type { CableTally } from '../outcomes/made-fault.ts';
import type { LinksReport } from '../reports/schema.ts';

/** Links first, then faults as their steps were done. Undefined where no cable was impaired. */
export function linksOf(cables: CableRecord | undefined): LinksReport | undefined {
  const entries = (cables?.tallies ?? []).flatMap((tally) => {
    const impairer = cables?.impairerOf(tally);
    if (!impairer) return [];
    const { by, on, impairment, seed } = impairer;
    const { direction } = tally;
    const does = printImpairment(impairment);
    return [{ tally, who: { ...by, on, direction, does, ...(seed !== undefined && { seed }) } }];
  });
  if (entries.length === 0) return undefined;
  const alike = [...Map.groupBy(entries, ({ who }) => JSON.stringify(who)).values()];
  const impaired = alike.map((same) => ({ ...same[0]!.who, ...summed(same.map(({ tally }) => tally)) }));
  const step = (one: (typeof impaired)[number]) => ('step' in one ? one.step : 0);
  return {
    impaired: impaired.toSorted((one, other) => step(one) - step(other)),
    missed: cables?.missed ?? [],
  };
}

function summed(tallies: readonly CableTally[]): Omit<Tally, 'stage' | 'direction'> {
  const sum = (of: (tally: Tally) => number) => tallies.reduce((all, tally) => all + of(tally), 0);
  const reasons = new Set(
    tallies.flatMap(({ dropped }) => Object.keys(dropped) as (keyof Tally['dropped'])[]),
  );
  return {
    frames: sum(({ frames }) => frames),
    dropped: Object.fromEntries([...reasons].map((why) => [why, sum(({ dropped }) => dropped[why] ?? 0)])),
    doubled: sum(({ doubled }) => doubled),
    corrupted: sum(({ corrupted }) => corrupted),
    overtaken: sum(({ overtaken }) => overtaken),
    late: Math.max(...tallies.map(({ late }) => late)),
  };
}
