/** Every scenario of scenarios/, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { everyScenario } from './contract.ts';

await everyScenario(netnsEngine());
