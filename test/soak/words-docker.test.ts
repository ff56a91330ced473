/** Words whose meaning shows on the wire or in what a program prints, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { wordsContract } from '../steps/words.ts';

await wordsContract(dockerEngine(), 182);
