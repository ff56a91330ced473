/** The peer's kernel does not know the connection any more, and its program runs on. RFC 9293 section 3.5.3, RFC 2525 section 2.17. */
import type { Cause } from './cause.ts';
import { connectionAt, ends } from './evidence/evidence.ts';
import { cameTo, isReset } from './evidence/seen-frames.ts';

export const gone: Cause = {
  word: 'gone',
  saysRefusal: true,
  async find(evidence) {
    const { there, here, symptom, target, outcome, seen } = evidence;
    if (!there || symptom !== 'reset' || target?.transport !== 'tcp' || !outcome.tuple) return undefined;
    const { local, remote } = outcome.tuple;
    const known = await ends(evidence);
    if (known && (await connectionAt(there, known.theirs, known.ours))) return undefined;
    if (seen?.captured(here.name)) await seen.settled([here.name]);
    const reset = seen
      ?.packets({ transport: 'tcp', from: remote, to: local })
      .find((one) => isReset(one) && cameTo(one, here.name));
    const frame = reset ? ` (frame ${reset.number})` : '';
    return `RST from ${there.name}${frame}: its program closed or aborted this connection, and was sent more or left some unread`;
  },
};
