/** The contract of causes, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { causesContract } from '../causes/contract.ts';
import { OUTSIDE } from '../causes/outside.ts';

await causesContract(dockerEngine(), 60, [OUTSIDE]);
