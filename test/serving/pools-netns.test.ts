/** The contract of DHCP ranges and relays, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { poolContract } from './pools.ts';

await poolContract(netnsEngine(), 195);
