/** The engines that need this machine alone: `swarm`, which needs several, is tried in test/swarm. */
import { probeEngines } from '../lab/engines/index.ts';

export async function enginesHere(): ReturnType<typeof probeEngines> {
  return (await probeEngines()).filter(({ engine }) => engine.name !== 'swarm');
}
