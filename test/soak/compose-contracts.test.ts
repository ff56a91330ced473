/** Other MACs, names and leases, and keys of hosts on compose: as on Docker, which .ci/run has. */
import { composeEngine } from '../../lab/engines/compose/engine.ts';
import { hostsContract } from '../hosts/contract.ts';
import { macContract } from '../macs/contract.ts';
import { servingContract } from '../serving/contract.ts';

await macContract(composeEngine(), 143);
await servingContract(composeEngine(), 128);
await hostsContract(composeEngine(), 118);
