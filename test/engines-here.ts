/** The engines that need this machine alone: `swarm`, which needs several, is tried in test/swarm. */
import { probeEngines } from '../lab/engines/index.ts';

export async function enginesHere(): ReturnType<typeof probeEngines> {
  return (await probeEngines()).filter(({ engine }) => engine.name !== 'swarm');
}

/** The engines that a contract is tried on which takes long: bare namespaces alone, and all of them in `npm run soak`. */
export async function enginesTried(): ReturnType<typeof probeEngines> {
  return (await enginesHere()).filter(({ engine }) => engine.name === 'netns' || process.env.LANLAB_SOAK);
}
