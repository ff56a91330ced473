import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { claimsContract } from './contract.ts';

await claimsContract(netnsEngine(), 97);
