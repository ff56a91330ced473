import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { answersContract } from './answers.ts';

await answersContract(dockerEngine(), 134);
