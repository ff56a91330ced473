/** The contract of DHCP and DNS servers, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { servingContract } from '../serving/contract.ts';

await servingContract(dockerEngine(), 127);
