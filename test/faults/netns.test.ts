/** The contract of faults, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { faultContract } from './contract.ts';

await faultContract(netnsEngine(), 81);
