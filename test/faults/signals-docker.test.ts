import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { signalContract } from './signals.ts';

await signalContract(dockerEngine(), 153);
