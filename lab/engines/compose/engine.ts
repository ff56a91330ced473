/**
 * The engine `compose`: hosts and networks are what a compose file says. From outside (the command) it writes such a
 * file for the while; inside (the service `lab` of a file that `lanlab compose` printed) everything is up already,
 * and all it has are the agents' sockets and the programs' events.
 *
 *   file  services  image sources  sockets  tail  inside  outside
 */
import type { Plan } from '../../scenario/planned.ts';
import type { Engine } from '../engine.ts';
import { inside } from './inside.ts';
import { NEVER, unsupported } from './unsupported.ts';

/** What speaks to Docker is loaded when it is called. */
const OUTSIDE: Pick<Required<Engine>, 'probe' | 'up' | 'taken' | 'sweep'> = {
  probe: async () => (await outside()).probe(),
  up: async (plan, options) => (await outside()).up(plan, options),
  taken: async () => (await outside()).taken(),
  sweep: async (ids) => (await outside()).sweep(ids),
};

async function outside() {
  return (await import('./outside.ts')).outside();
}

/** That LANLAB_SOCKETS is set (lab-services.ts) is how the engine knows that it is inside. */
export function composeEngine(env: NodeJS.ProcessEnv = process.env): Engine {
  const { LANLAB_SOCKETS: sockets, LANLAB_EVENTS: events = '' } = env;
  const place = sockets ? inside(sockets, events) : OUTSIDE;
  return { name: 'compose', never: NEVER, unsupported: (plan: Plan) => unsupported(plan), ...place };
}
