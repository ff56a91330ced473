/** The contract of DHCP ranges and relays, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { poolContract } from '../serving/pools.ts';

await poolContract(dockerEngine(), 196);
