/** The contract of routers, on Docker Compose. */
import { composeEngine } from '../../lab/engines/compose/engine.ts';
import { routingContract } from './contract.ts';

await routingContract(composeEngine(), 112);
