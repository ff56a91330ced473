/** Every scenario of scenarios/, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { everyScenario } from './contract.ts';

await everyScenario(dockerEngine());
