/** What is an answer and what is none, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { answersContract } from './answers.ts';

await answersContract(netnsEngine(), 133);
