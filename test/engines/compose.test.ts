/** The contract of engines, on Docker Compose. */
import { composeEngine } from '../../lab/engines/compose/engine.ts';
import { contract } from './contract.ts';

await contract(composeEngine(), 75);
