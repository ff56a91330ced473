/** `lanlab ps`: the labs that are up on this machine. */
import { relative } from 'node:path';
import type { LabState } from '../daemon/state.ts';
import { sweepStates } from '../daemon/sweep.ts';
import { isDead } from '../engines/owner.ts';
import { showAge } from '../reports/age.ts';
import { jsonText } from '../reports/for-terminal.ts';
import { table } from '../reports/table.ts';
import { sweptText } from './labs.ts';
import { note, tell } from './say.ts';

export async function ps(json: boolean): Promise<void> {
  const swept = await sweepStates();
  note(sweptText(swept));
  const labs = [...swept.labs, ...swept.remaining.map(({ lab }) => lab)];
  tell(json ? `${jsonText(labs.map(row), 2)}\n` : psText(labs));
}

function row({ version: _, owner, ...lab }: LabState) {
  return { ...lab, owner: owner.pid, alive: !isDead(owner.identity) };
}

function psText(labs: LabState[]): string {
  if (labs.length === 0) return 'no lab is up (lanlab up SCENARIO brings one up)\n';
  const rows = labs.map(({ lab, id, engine, phase, hosts, since, owner, file }) => [
    lab,
    id,
    engine,
    phase,
    String(hosts.length),
    showAge(Date.now() - Date.parse(since)),
    isDead(owner.identity) ? 'has ended' : String(owner.pid),
    shortest(file),
  ]);
  return table(['lab', 'id', 'engine', 'state', 'hosts', 'since', 'owner', 'file'], rows);
}

function shortest(file: string): string {
  const near = relative(process.cwd(), file);
  return near.startsWith('..') ? file : near;
}
