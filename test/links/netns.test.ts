/** Links and their faults on namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { linkContract } from './contract.ts';

await linkContract(netnsEngine(), 151);
