/** Hosts that speak with other MACs, on namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { macContract } from '../macs/contract.ts';

await macContract(netnsEngine(), 141);
