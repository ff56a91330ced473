import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { routingContract } from './contract.ts';

await routingContract(dockerEngine(), 111);
