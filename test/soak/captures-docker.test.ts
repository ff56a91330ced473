/** The contract of captures, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { captureContract } from '../captures/contract.ts';

await captureContract(dockerEngine(), 94);
