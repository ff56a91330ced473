/** What is an answer and what is none, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { answersContract } from './answers.ts';

await answersContract(dockerEngine(), 134);
