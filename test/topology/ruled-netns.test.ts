/** Rules about more than hosts, on namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { ruledContract } from './ruled.ts';

await ruledContract(netnsEngine(), 232);
