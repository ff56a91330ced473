/** Every scenario of the project on compose. */
import { composeEngine } from '../../lab/engines/compose/engine.ts';
import { everyScenario } from '../every-scenario/contract.ts';

await everyScenario(composeEngine());
