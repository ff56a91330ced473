/** Removes what is left of labs whose owners have ended, and lists the labs that are up. */
import type { EngineName } from '../engines/engine.ts';
import { engineNamed } from '../engines/index.ts';
import { isDead } from '../engines/owner.ts';
import { sweepDrafts } from './drafts.ts';
import { type LabState, readStates, removeState } from './state.ts';

export interface Swept {
  labs: LabState[];
  /** Those that were removed. */
  removed: LabState[];
  /** Labs whose owner has ended, but that could not be removed, and why. */
  remaining: { lab: LabState; why: string }[];
}

/** Never removes a lab whose owner lives, or cannot be looked at from here. */
export async function sweepStates(): Promise<Swept> {
  await sweepDrafts();
  const swept: Swept = { labs: [], removed: [], remaining: [] };
  for (const lab of await readStates()) {
    if (!isDead(lab.owner.identity)) swept.labs.push(lab);
    else await sweepOne(lab, swept);
  }
  return swept;
}

async function sweepOne(lab: LabState, swept: Swept): Promise<void> {
  try {
    await engineNamed(lab.engine as EngineName).sweep([lab.id]);
    await removeState(lab.id);
    swept.removed.push(lab);
  } catch (error) {
    swept.remaining.push({ lab, why: (error as Error).message });
  }
}
