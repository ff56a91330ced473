/** The contract of IPv6, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { ipv6Contract } from './contract.ts';

await ipv6Contract(netnsEngine(), 124);
