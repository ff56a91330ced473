/** A client of TLS asked, and what the server answered does not look like a record of TLS. RFC 8446 section 5.1. */
import { NOT_TLS } from '../agent/protocol.ts';
import type { Cause } from './cause.ts';

export const notTls: Cause = {
  word: 'not-tls',
  async find({ there, target, outcome: { failure } }) {
    if (!there || failure?.errno !== NOT_TLS) return undefined;
    return `${there.name}:${target?.port} does not speak TLS: it answered, but not in TLS`;
  },
};
