/** The claims, each proved by its control, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { claimsContract } from '../claims/contract.ts';

await claimsContract(dockerEngine(), 98);
