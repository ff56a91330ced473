/** The contract of engines, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { contract } from './contract.ts';

await contract(netnsEngine(), 71);
