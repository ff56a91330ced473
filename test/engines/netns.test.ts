import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { contract } from './contract.ts';

await contract(netnsEngine(), 71);
