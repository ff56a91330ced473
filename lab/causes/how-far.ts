import type { Cause } from './cause.ts';
import type { Evidence } from './evidence.ts';
import { hopsOf } from './links.ts';
import { lostOn } from './lost.ts';
import { cameTo, isQuestion, leftFrom, nameOf } from './seen-frames.ts';

/** Her capture has neither a packet nor a question for where to send it, and a connection was to be opened. */
async function neverLeft({ seen, outcome, here }: Evidence): Promise<boolean> {
  if (!seen?.captured(here.name) || outcome.failure?.syscall !== 'connect') return false;
  const asked = seen.frames.some((one) => isQuestion(one) && leftFrom(one, here.name));
  return !asked && (await seen.settled([here.name]));
}

/** No table shows a cause: how far it came, by the captures. */
export const howFar: Cause = {
  word: 'how-far',
  async find(evidence) {
    const { seen, target, there, here, how } = evidence;
    if (!seen || !target || !there || (how !== 'silence' && how !== 'unreachable')) return undefined;
    for (const hop of await hopsOf(evidence)) {
      const lost = await lostOn(evidence, hop);
      if (lost) return lost;
    }
    const local = await evidence.local();
    const { transport } = target;
    const sent = seen.packets({ transport, from: local, to: target });
    if (sent.length === 0)
      return (await neverLeft(evidence))
        ? `nothing of it left ${here.name}: its own rules or routes kept it`
        : undefined;
    const came = sent.findLast((one) => cameTo(one, there.name));
    if (!came || !(await seen.settled([there.name, here.name]))) return undefined;
    // Whatever it is that came back, an ICMP error or from another address, it is not nothing.
    const answered = seen.frames.some((one) => {
      return (
        one.number > came.number && one.frame.ip?.destination === local.address && leftFrom(one, there.name)
      );
    });
    if (answered) return undefined;
    return `${nameOf(came)} reached ${there.name} (frame ${came.number}), and nothing came back`;
  },
};
