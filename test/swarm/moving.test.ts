/** Hosts that move, on three machines: a machine gets a network when the first host of it goes there. */
import { swarmEngine } from '../../lab/engines/swarm/engine.ts';
import { movingContract } from '../faults/moving.ts';
import { lacking, pointToManager } from './nodes.ts';

/** Five hosts over three machines. */
const HOSTS_PER_CORE = 0.5;

if (lacking === undefined) pointToManager();
await movingContract(swarmEngine(undefined, HOSTS_PER_CORE), 176);
