/** The form of calls between threads of the first process: errors stay what they are, as over a stream. */
import { CALL_LIMIT, decode, encode } from '../agent/channel.ts';

/** A call may take as long as its own limits allow. */
export const BETWEEN_THREADS = { serialize: encode, deserialize: decode, timeout: CALL_LIMIT };
