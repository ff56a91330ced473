/** Hosts that speak with other MACs, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { macContract } from '../macs/contract.ts';

await macContract(dockerEngine(), 142);
