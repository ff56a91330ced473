/** How calls go from one thread of the first process to another: errors stay what they are, as over a stream. */
import { CALL_LIMIT, decode, encode } from '../agent/channel.ts';

/** A call may take what its own limits allow. */
export const BETWEEN_THREADS = { serialize: encode, deserialize: decode, timeout: CALL_LIMIT };
