/** The server's certificate does not hold any more, or not yet. RFC 5280 section 4.1.2.5. */
import type { Cause } from './cause.ts';

export const outOfDate: Cause = {
  word: 'out-of-date',
  async find({ there, outcome: { failure } }) {
    const untrusted = failure?.untrusted;
    if (!there || !untrusted) return undefined;
    const { fault, from, to } = untrusted;
    if (fault === 'expired') return `the certificate of ${there.name} has expired: it held until ${show(to)}`;
    if (fault === 'not-yet')
      return `the certificate of ${there.name} does not hold yet: it begins on ${show(from)}`;
    return undefined;
  },
};

/** `2026-11-30 21:36 UTC` */
function show(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
