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
import { outside } from './outside.ts';
import { NEVER, unsupported } from './unsupported.ts';

/** That LANLAB_SOCKETS is set (lab-services.ts) is how the engine knows that it is inside. */
export function composeEngine(env: NodeJS.ProcessEnv = process.env): Engine {
  const { LANLAB_SOCKETS: sockets, LANLAB_EVENTS: events = '' } = env;
  const place = sockets ? inside(sockets, events) : outside();
  return { name: 'compose', never: NEVER, unsupported: (plan: Plan) => unsupported(plan), ...place };
}
