/** The contract of IPv6, on Docker Compose. */
import { composeEngine } from '../../lab/engines/compose/engine.ts';
import { ipv6Contract } from './contract.ts';

await ipv6Contract(composeEngine(), 126);
