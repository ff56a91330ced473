/** What is an answer and what is none, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { answersContract } from '../topology/answers.ts';

await answersContract(dockerEngine(), 134);
