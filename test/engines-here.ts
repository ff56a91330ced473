/** The engines that need this machine alone: `swarm`, which needs several, is tried in test/swarm. */
import type { EngineName } from '../lab/engines/engine.ts';
import { probeEngines } from '../lab/engines/index.ts';

export async function enginesHere(): ReturnType<typeof probeEngines> {
  return (await probeEngines()).filter(({ engine }) => engine.name !== 'swarm');
}

/** Whether a contract that takes long is tried on this engine: on bare namespaces always, on others in `npm run soak`. */
export function isTried(engine: EngineName): boolean {
  return engine === 'netns' || Boolean(process.env.LANLAB_SOAK);
}
