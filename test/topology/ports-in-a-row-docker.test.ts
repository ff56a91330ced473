import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { portsContract } from './ports-in-a-row.ts';

await portsContract(dockerEngine(), 136);
