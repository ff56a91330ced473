import { composeEngine } from '../../lab/engines/compose/engine.ts';
import { macContract } from './contract.ts';

await macContract(composeEngine(), 143);
