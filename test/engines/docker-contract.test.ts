/** The contract of engines, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { contract } from './contract.ts';

await contract(dockerEngine(), 73);
