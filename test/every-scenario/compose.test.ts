/** Scenarios whose hosts compose makes in ways of its own; test/soak has all of them on compose. */
import { composeEngine } from '../../lab/engines/compose/engine.ts';
import { everyScenario } from './contract.ts';

const ITS_OWN = ['01-lan', '09-router', '10-nat', '14-clients', '19-ipv6', '20-names'];

await everyScenario(
  composeEngine(),
  ITS_OWN.map((name) => `${name}.yaml`),
);
