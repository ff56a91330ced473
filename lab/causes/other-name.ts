/** The server's certificate is for other names than the one that the step asked for. RFC 9525 section 6. */
import type { Cause } from './cause.ts';

export const otherName: Cause = {
  word: 'other-name',
  async find({ there, outcome: { failure, tls } }) {
    const untrusted = failure?.untrusted;
    if (!there || !tls || untrusted?.fault !== 'other-name') return undefined;
    const names = untrusted.names.map((name) => name.replace(/^[^:]*:/, ''));
    const known = names.length === 0 ? 'no name at all' : `${names.join(', ')}`;
    return `the certificate of ${there.name} is for ${known}, not for ${tls.name}`;
  },
};
