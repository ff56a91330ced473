/** A port of one NAT that leads to a port of the next, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { portsContract } from '../topology/ports-in-a-row.ts';

await portsContract(dockerEngine(), 136);
