/** The contract of DHCP and DNS servers, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { servingContract } from './contract.ts';

await servingContract(dockerEngine(), 127);
