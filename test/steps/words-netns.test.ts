/** Words whose meaning shows on the wire or in what a program prints, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { wordsContract } from './words.ts';

await wordsContract(netnsEngine(), 181);
