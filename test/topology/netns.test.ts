/** The contract of routers, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { routingContract } from './contract.ts';

await routingContract(netnsEngine(), 110);
