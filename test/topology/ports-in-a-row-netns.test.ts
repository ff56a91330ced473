import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { portsContract } from './ports-in-a-row.ts';

await portsContract(netnsEngine(), 135);
