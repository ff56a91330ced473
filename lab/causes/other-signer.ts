/** The server's certificate is not signed by anybody whom the step trusts. RFC 5280 section 6.1. */
import { TLS_FILES } from '../model/tls.ts';
import type { Cause } from './cause.ts';

export const otherSigner: Cause = {
  word: 'other-signer',
  async find({ there, here, outcome: { failure, tls } }) {
    const untrusted = failure?.untrusted;
    if (!there || !tls || untrusted?.fault !== 'other-signer') return undefined;
    const trusted = tls.ca === TLS_FILES.ca ? 'the CA of the lab' : `anybody in ${tls.ca} of ${here.name}`;
    return `the certificate of ${there.name} is signed by "${untrusted.signedBy}", not by ${trusted}`;
  },
};
