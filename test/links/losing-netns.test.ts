/** What is lost between hosts, on namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { losingContract } from './losing.ts';

await losingContract(netnsEngine(), 154);
