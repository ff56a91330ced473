/** Rules about more than hosts, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { ruledContract } from '../topology/ruled.ts';

await ruledContract(dockerEngine(), 233);
