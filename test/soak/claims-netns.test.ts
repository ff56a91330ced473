/** The claims, each proved by its control, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { claimsContract } from '../claims/contract.ts';

await claimsContract(netnsEngine(), 97);
