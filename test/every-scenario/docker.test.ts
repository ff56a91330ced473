/** The first three scenarios of scenarios/, on Docker; test/soak/repeats.test.ts has all of them. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { everyScenario, scenarios } from './contract.ts';

await everyScenario(dockerEngine(), scenarios.slice(0, 3));
