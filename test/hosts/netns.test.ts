/** The contract of keys of hosts, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { hostsContract } from './contract.ts';

await hostsContract(netnsEngine(), 116);
