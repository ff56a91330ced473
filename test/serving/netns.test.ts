/** The contract of DHCP and DNS servers, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { servingContract } from './contract.ts';

await servingContract(netnsEngine(), 126);
