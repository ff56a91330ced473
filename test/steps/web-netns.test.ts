/** Steps that speak HTTP, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { webContract } from './web.ts';

await webContract(netnsEngine(), 186);
