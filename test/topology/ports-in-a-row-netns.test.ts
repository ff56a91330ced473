/** A port of one NAT that leads to a port of the next, on bare namespaces. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { portsContract } from './ports-in-a-row.ts';

await portsContract(netnsEngine(), 135);
