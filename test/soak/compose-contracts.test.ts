/** What hosts say from other MACs, and names and leases, on compose: as on Docker, which .ci/run has. */
import { composeEngine } from '../../lab/engines/compose/engine.ts';
import { macContract } from '../macs/contract.ts';
import { servingContract } from '../serving/contract.ts';

await macContract(composeEngine(), 143);
await servingContract(composeEngine(), 128);
