/** Two NATs that are punched, on namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { punchContract } from './punching.ts';

await punchContract(netnsEngine(), 158);
