/** Signals to programs, and to all that they have started, on namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { signalContract } from './signals.ts';

await signalContract(netnsEngine(), 152);
