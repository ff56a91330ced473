/** Two NATs that are punched, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { punchContract } from './punching.ts';

await punchContract(dockerEngine(), 159);
