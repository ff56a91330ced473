/** The contract of causes, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { causesContract } from './contract.ts';
import { OUTSIDE } from './outside.ts';

await causesContract(dockerEngine(), 50, [OUTSIDE]);
