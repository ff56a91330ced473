/** The contract of engines, on hosts that stand on three machines. */
import { swarmEngine } from '../../lab/engines/swarm/engine.ts';
import { contract } from '../engines/contract.ts';
import { lacking, pointToManager } from './nodes.ts';

/** Five hosts over three machines. */
const HOSTS_PER_CORE = 0.5;

if (lacking === undefined) pointToManager();
await contract(swarmEngine(undefined, HOSTS_PER_CORE), 166);
