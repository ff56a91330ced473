import { composeEngine } from '../../lab/engines/compose/engine.ts';
import { servingContract } from './contract.ts';

await servingContract(composeEngine(), 128);
