/** The contract of NAT, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { natContract } from './nat-contract.ts';

await natContract(netnsEngine(), 113);
