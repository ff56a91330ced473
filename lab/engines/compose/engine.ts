/**
 * The engine `compose`: hosts and networks are what a compose file says. From outside (the command) it writes such a
 * file for the while; inside (the service `lab` of a file that `lanlab compose` printed) everything is up already,
 * and all it has are the agents' sockets and the programs' events.
 *
 *   file  services  image sources  sockets  tail  passage  inside  outside
 */
import type { Plan } from '../../model/planned.ts';
import type { Engine } from '../engine.ts';
import { NEVER, unsupported } from './unsupported.ts';

/** That LANLAB_SOCKETS is set (lab-services.ts) is how the engine knows that it is inside. */
export function composeEngine(env: NodeJS.ProcessEnv = process.env): Engine {
  const { LANLAB_SOCKETS: sockets, LANLAB_EVENTS: events = '' } = env;
  const place = () => (sockets ? inside(sockets, events) : outside());
  return {
    name: 'compose',
    never: NEVER,
    unsupported: (plan: Plan) => unsupported(plan),
    probe: async () => (await place()).probe(),
    up: async (plan, options) => (await place()).up(plan, options),
    sweep: async (ids) => (await place()).sweep(ids),
    // Inside, a lab's networks are nobody else's.
    ...(!sockets && { taken: async () => (await outside()).taken() }),
  };
}

async function inside(sockets: string, events: string) {
  return (await import('./inside.ts')).inside(sockets, events);
}

/** What speaks to Docker is loaded when it is called. */
async function outside() {
  return (await import('./outside.ts')).outside();
}
