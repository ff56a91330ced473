/** What a host can reach, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { contract } from './contract.ts';

await contract({ engine: netnsEngine(), node: process.execPath });
