/** Plain HTTP went to a port of HTTPS, and the server's program says so of this conversation. RFC 9110 section 4.2.2. */
import type { Cause } from './cause.ts';
import { ends } from './evidence/evidence.ts';

/** OpenSSL's word for a first record that is a request of HTTP. */
const CODE = 'ERR_SSL_HTTP_REQUEST';

export const askedInPlain: Cause = {
  word: 'asked-in-plain',
  async find(evidence) {
    const { there, target, outcome } = evidence;
    if (!there || !outcome.http || !outcome.failure) return undefined;
    const pair = await ends(evidence);
    const told = there.host.events.all(({ event, code, peer }) => {
      const itsOwn = peer?.address === pair?.ours.address && peer?.port === pair?.ours.port;
      return event === 'error' && code === CODE && itsOwn;
    });
    if (told.length === 0) return undefined;
    return `${there.name}'s port ${target?.port} is for https, and the request was plain HTTP: its program says ${CODE}`;
  },
};
