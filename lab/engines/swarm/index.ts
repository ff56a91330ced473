/** The engine `swarm` as the others see it. Code that speaks to Docker is loaded only where this engine is asked for. */
import type { Engine } from '../engine.ts';
import { MTU, NEVER, unsupported } from './never.ts';

export function swarmEngine(): Engine {
  const engine = async () => (await import('./engine.ts')).swarmEngine();
  return {
    name: 'swarm',
    never: NEVER,
    mtu: MTU,
    machines: async () => (await engine()).machines!(),
    place: async (plan, before) => (await engine()).place!(plan, before),
    unsupported,
    probe: async (waiting) => (await engine()).probe(waiting),
    up: async (plan, options) => (await engine()).up(plan, options),
    taken: async () => (await engine()).taken!(),
    sweep: async (ids) => (await engine()).sweep(ids),
  };
}
