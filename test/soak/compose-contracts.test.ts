/** Contracts on compose, as on Docker: other MACs, names and leases, keys of hosts, faults, IPv6 and routers. */
import { composeEngine } from '../../lab/engines/compose/engine.ts';
import { faultContract } from '../faults/contract.ts';
import { hostsContract } from '../hosts/contract.ts';
import { ipv6Contract } from '../ipv6/contract.ts';
import { macContract } from '../macs/contract.ts';
import { servingContract } from '../serving/contract.ts';
import { routingContract } from '../topology/contract.ts';

await macContract(composeEngine(), 143);
await servingContract(composeEngine(), 128);
await hostsContract(composeEngine(), 118);
await faultContract(composeEngine(), 84);
await ipv6Contract(composeEngine(), 126);
await routingContract(composeEngine(), 112);
