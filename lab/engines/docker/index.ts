/** The engine `docker` as the others see it. The code that speaks to Docker is loaded where an engine may answer. */

import type { Sources } from '../containers/images.ts';
import { whyNobodyListens } from '../containers/no-answer.ts';
import { type Engine, type EngineReport, ONE_MACHINE } from '../engine.ts';

/** `sources`: folders that the images are built from, where they are not this project's own. */
export function dockerEngine(sources?: Sources): Engine {
  const engine = async () => (await import('./engine.ts')).dockerEngine(sources);
  return {
    name: 'docker',
    never: { machines: ONE_MACHINE },
    unsupported: () => [],
    probe: (waiting) => probe(engine, waiting),
    up: async (plan, options) => (await engine()).up(plan, options),
    taken: async () => (await engine()).taken(),
    sweep,
  };
}

async function probe(
  engine: () => Promise<Engine>,
  waiting: ((line: string) => void) | undefined,
): Promise<EngineReport> {
  const lacking = await whyNobodyListens();
  return lacking ? { name: 'docker', lacking } : (await engine()).probe(waiting);
}

/** Removes the remains of labs whose owners have ended, and of the labs with these ids. Returns the ids of all. */
export async function sweep(ids: readonly string[] = []): Promise<string[]> {
  return (await import('../containers/sweep.ts')).sweep(ids);
}
