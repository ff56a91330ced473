/** Two NATs that are punched, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { punchContract } from '../topology/punching.ts';

await punchContract(dockerEngine(), 159);
