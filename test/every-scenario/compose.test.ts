import { composeEngine } from '../../lab/engines/compose/engine.ts';
import { everyScenario } from './contract.ts';

await everyScenario(composeEngine());
