/** The contract of captures, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { captureContract } from './contract.ts';

await captureContract(netnsEngine(), 93);
