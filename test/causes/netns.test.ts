/** The contract of causes, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { causesContract } from './contract.ts';

await causesContract(netnsEngine(), 10);
