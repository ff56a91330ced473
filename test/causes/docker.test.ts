import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { causesContract } from './contract.ts';

await causesContract(dockerEngine(), 30);
