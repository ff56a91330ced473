/** The contract of faults, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { faultContract } from '../faults/contract.ts';

await faultContract(dockerEngine(), 82);
