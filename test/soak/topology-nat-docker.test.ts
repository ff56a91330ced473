/** The contract of NAT, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { natContract } from '../topology/nat-contract.ts';

await natContract(dockerEngine(), 114);
