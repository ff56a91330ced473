/** What is lost between hosts, on Docker. */
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { losingContract } from '../links/losing.ts';

await losingContract(dockerEngine(), 155);
