/** Links and their faults on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { linkContract } from './contract.ts';

await linkContract(dockerEngine(), 152);
