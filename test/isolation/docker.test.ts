/** What a host can reach, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { contract } from './contract.ts';

await contract({ engine: dockerEngine(), node: 'node' });
