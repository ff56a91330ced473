/** The contract of IPv6, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { ipv6Contract } from './contract.ts';

await ipv6Contract(dockerEngine(), 125);
