/** What hosts that move see and what others see of them, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { movingContract } from '../faults/moving.ts';

await movingContract(dockerEngine(), 86);
