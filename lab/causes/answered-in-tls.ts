/** Plain HTTP went to a port of TLS: the server answered with a record of TLS. RFC 8446 section 5.1. */
import type { Cause } from './cause.ts';

const [ALERT, HANDSHAKE] = [21, 22];
/** The first byte of the version of every record, from SSL 3.0 to TLS 1.3. */
const MAJOR = 3;
/** The second byte of TLS 1.3's own number, the greatest. */
const LAST_MINOR = 4;
/** Type, version and length. */
const HEADER = 5;

export const answeredInTls: Cause = {
  word: 'answered-in-tls',
  async find({ there, target, outcome: { http, failure } }) {
    const came = failure?.came;
    if (!there || !http || !came || came.length < HEADER) return undefined;
    const [type, major, minor] = came;
    if ((type !== ALERT && type !== HANDSHAKE) || major !== MAJOR || minor! > LAST_MINOR) return undefined;
    return `${there.name} answered in TLS: its port ${target?.port} is for https, and the request was plain HTTP`;
  },
};
