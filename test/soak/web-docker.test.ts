/** Steps that speak HTTP, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { webContract } from '../steps/web.ts';

await webContract(dockerEngine(), 187);
