/** The contract of keys of hosts, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/engine.ts';
import { hostsContract } from './contract.ts';

await hostsContract(dockerEngine(), 117);
