/** The contract of faults, on Docker Compose. */
import { composeEngine } from '../../lab/engines/compose/engine.ts';
import { faultContract } from './contract.ts';

await faultContract(composeEngine(), 84);
