import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { everyScenario } from './contract.ts';

await everyScenario(netnsEngine());
