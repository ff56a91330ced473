/** `lanlab down [LAB…]`: takes labs down, and removes the remains of labs whose process was killed. */

import { setTimeout as pause } from 'node:timers/promises';
import { patient } from '../agent/patience.ts';
import { connectOwner } from '../daemon/client.ts';
import { labsCalled, noLab, oneLab } from '../daemon/find.ts';
import type { LabState } from '../daemon/state.ts';
import { sweepStates } from '../daemon/sweep.ts';
import { probeEngines } from '../engines/index.ts';
import { isDead } from '../engines/owner.ts';
import { LabError } from '../errors.ts';
import { sweptText } from './labs.ts';
import { note, sayWaiting, tell } from './say.ts';

/** Milliseconds that an owner may take to end after a signal. */
const DAEMON_ENDS_WITHIN = 60_000;

export async function down(words: string[], all: boolean): Promise<number> {
  const swept = await sweepStates();
  note(sweptText(swept));
  const remains = await sweepEngines();
  const targets = chosen(words, all, swept.labs, swept.removed.length + remains > 0);
  await Promise.all(targets.map(takeDown));
  if (targets.length === 0) tell('no lab is up\n');
  return swept.remaining.length > 0 ? 3 : 0;
}

/** The remains of a killed `lanlab run` have no state file: their engine knows them. Returns the number of such labs. */
async function sweepEngines(): Promise<number> {
  let count = 0;
  for (const { engine, report } of await probeEngines(sayWaiting)) {
    if (report.lacking) continue;
    for (const id of await engine.sweep([])) {
      note(`lanlab: removed what ${id} had left: its process had ended\n`);
      count += 1;
    }
  }
  return count;
}

/** Where no lab is up, it is no error if some remains have been removed. */
function chosen(words: string[], all: boolean, labs: LabState[], removed: boolean): LabState[] {
  if (all) return labs;
  if (words.length > 0) return [...new Set(words.flatMap((word) => labsCalled(word, labs)))];
  if (labs.length === 0 && removed) return [];
  if (labs.length === 0) throw noLab();
  return [oneLab(undefined, labs)];
}

async function takeDown(lab: LabState): Promise<void> {
  try {
    using owner = await connectOwner(lab);
    await owner.calls.down();
    await owner.gone;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    await endOwner(lab, error);
  }
  tell(`${lab.lab} is down (${lab.id})\n`);
}

/** An owner that does not answer, or is of another version, still understands a signal. */
async function endOwner({ id, lab, owner }: LabState, cause: LabError): Promise<void> {
  if (!isDead(owner.identity)) process.kill(owner.pid, 'SIGTERM');
  for (
    const deadline = performance.now() + patient(DAEMON_ENDS_WITHIN);
    !isDead(owner.identity);
    await pause(50)
  ) {
    if (performance.now() < deadline) continue;
    throw new LabError('agent', `${lab} (${id}) does not go down: ${cause.message}`, {
      hint: `end its daemon (kill -9 ${owner.pid}), then lanlab down`,
      cause,
    });
  }
  await sweepStates();
}
