/** The contract of routers, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { routingContract } from '../topology/contract.ts';

await routingContract(dockerEngine(), 111);
