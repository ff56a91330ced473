/** Hosts that move, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { movingContract } from './moving.ts';

await movingContract(netnsEngine(), 85);
