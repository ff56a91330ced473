/** `lanlab logs [HOST…]`: what the programs of a lab have said, and with -f what they say from now on. */

import { connectOwner, type OwnerClient } from '../daemon/client.ts';
import { labOfHost, oneLab } from '../daemon/find.ts';
import type { LabState } from '../daemon/state.ts';
import type { Entry } from '../live/journal.ts';
import { untilAborted } from '../live/up.ts';
import { entryLine } from '../reports/entry.ts';
import { jsonText } from '../reports/for-terminal.ts';
import { labsUp } from './labs.ts';
import { note, tell } from './say.ts';
import { coloured, interruption } from './terminal.ts';

/** Milliseconds of one wait for more. */
const LOOK = 60_000;

export interface LogsArguments {
  lab?: string;
  follow?: boolean;
  json?: boolean;
}

export async function logs(hosts: string[], { lab, follow, json }: LogsArguments): Promise<number> {
  const labs = await labsUp();
  const state = hosts[0] === undefined ? oneLab(lab, labs) : labOfHost(hosts[0], lab, labs);
  for (const host of hosts) labOfHost(host, state.id, labs);
  using owner = await connectOwner(state);
  const print = (entries: Entry[]) => {
    for (const entry of entries) tell(json ? `${jsonText(entry)}\n` : line(entry, state));
  };
  const next = await printPast(owner, hosts, print);
  if (follow) await printComing(owner, hosts, next, print);
  return 0;
}

function line(entry: Entry, { hosts }: LabState): string {
  const width = Math.max(...hosts.map(({ name }) => name.length));
  return `${entryLine(entry, { colour: coloured(process.stdout), width })}\n`;
}

/** Prints past lines in the order of the hosts' own clocks. The journal has them in the order in which they came. */
async function printPast({ calls }: OwnerClient, hosts: string[], print: (entries: Entry[]) => void) {
  const past: Entry[] = [];
  for (let after = 0; ; ) {
    const { entries, next, missed } = await calls.logs({ after, hosts, giveUp: 0 });
    if (after > 0 || missed > 0) tellMissed(missed);
    past.push(...entries);
    if (next === after) break;
    after = next;
  }
  print(past.toSorted((a, b) => a.time.localeCompare(b.time) || a.serial - b.serial));
  return past.at(-1)?.serial ?? 0;
}

/** Prints new lines. Ctrl-C is the ordinary end. */
async function printComing(
  { calls }: OwnerClient,
  hosts: string[],
  from: number,
  print: (entries: Entry[]) => void,
): Promise<void> {
  using interrupted = interruption();
  using missed = missedLines();
  for (let after = from; !interrupted.signal.aborted; ) {
    const more = calls.logs({ after, hosts, giveUp: LOOK });
    const extract = await untilAborted(interrupted.signal, more).catch((error: unknown) => {
      if (interrupted.signal.aborted) return undefined;
      throw error;
    });
    if (!extract) return;
    missed.count(extract.missed);
    print(extract.entries);
    after = extract.next;
  }
}

/** Tells the number of missed lines once a second, and at the end. */
function missedLines(): { count(more: number): void } & Disposable {
  let missed = 0;
  let told = performance.now();
  const tell = () => {
    if (missed > 0)
      note(`lanlab: ${missed} lines came faster than they could be printed, and are no longer kept\n`);
    missed = 0;
    told = performance.now();
  };
  return {
    count(more) {
      missed += more;
      if (performance.now() - told > 1_000) tell();
    },
    [Symbol.dispose]: tell,
  };
}

function tellMissed(count: number): void {
  if (count > 0) note(`lanlab: ${count} older lines are no longer kept\n`);
}
