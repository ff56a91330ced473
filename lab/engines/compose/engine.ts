/**
 * The engine `compose`: a compose file describes hosts and networks. From outside (in the command) it writes such a file for
 * the time of the lab. Inside (in the service `lab` of a file that `lanlab compose` printed) everything is up already. There
 * it has only the agents' sockets and the programs' events.
 *
 *   file  services  image sources  sockets  tail  passage  inside  outside
 */
import type { Plan } from '../../model/planned.ts';
import type { Engine } from '../engine.ts';
import { NEVER, unsupported } from './unsupported.ts';

/** The engine is inside where LANLAB_SOCKETS is set (lab-services.ts). */
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
    // Inside, a lab's networks are apart from all others.
    ...(!sockets && { taken: async () => (await outside()).taken() }),
  };
}

async function inside(sockets: string, events: string) {
  return (await import('./inside.ts')).inside(sockets, events);
}

/** The code that speaks to Docker is loaded when it is called. */
async function outside() {
  return (await import('./outside.ts')).outside();
}
