/** No table shows a cause: the captures show how far the packet came. */
import type { Endpoint } from '../agent/endpoint.ts';
import type { SeenFrame } from '../wire/timeline.ts';
import type { Cause } from './cause.ts';
import type { Evidence } from './evidence/evidence.ts';
import { hopsOf } from './evidence/links.ts';
import { lostOn } from './evidence/lost-frames.ts';
import {
  asksForAnswer,
  cameTo,
  isBareAck,
  isQuestion,
  leftFrom,
  nameOf,
  type Sought,
} from './evidence/seen-frames.ts';

/** Whether the capture at the host that connects has neither a packet of this connection nor a question for a MAC. */
async function neverLeft({ seen, outcome, here }: Evidence, sought: Sought): Promise<boolean> {
  if (!seen?.captured(here.name) || outcome.failure?.syscall !== 'connect') return false;
  if (!(await seen.settled([here.name])) || seen.packets(sought).length > 0) return false;
  return !seen.frames.some((one) => isQuestion(one) && leftFrom(one, here.name));
}

export const lastSeen: Cause = {
  word: 'last-seen',
  async find(evidence) {
    const { seen, target, there, here, symptom } = evidence;
    if (!seen || !target || !there || (symptom !== 'silence' && symptom !== 'unreachable')) return undefined;
    for (const hop of await hopsOf(evidence)) {
      const lost = await lostOn(evidence, hop);
      if (lost) return lost;
    }
    const local = await evidence.local();
    if (!local || evidence.some) return undefined;
    const sought = { transport: target.transport, from: local, to: target };
    const isSettled = await seen.settled([there.name, here.name]);
    if (seen.packets(sought).length === 0)
      return (await neverLeft(evidence, sought))
        ? `nothing of it left ${here.name}: its own rules or routes kept it`
        : undefined;
    if (!isSettled) return undefined;
    const came = seen.packets(sought).filter((one) => asksForAnswer(one) && cameTo(one, there.name));
    return unanswered(came, seen.frames, local, there.name);
  },
};

/** `SYN reached echo (frame 21), and nothing came back`; undefined where something did. */
function unanswered(
  came: readonly SeenFrame[],
  frames: readonly SeenFrame[],
  local: Endpoint,
  there: string,
): string | undefined {
  const last = came.at(-1);
  if (!last) return undefined;
  // A retransmitted segment may have had its answer when it came for the first time.
  const first =
    came.find(({ frame }) => frame.tcp && frame.tcp.sequence === last.frame.tcp?.sequence) ?? last;
  // An ICMP error, or an answer from another address, counts as an answer too.
  const back = frames.filter(
    (one) => one.number > first.number && goesTo(one, local) && leftFrom(one, there),
  );
  if (!back.every(isBareAck)) return undefined;
  const reached = `${nameOf(last)} reached ${there} (frame ${last.number}), and nothing`;
  const ack = back.at(-1);
  return ack ? `${reached} but an ACK came back (frame ${ack.number})` : `${reached} came back`;
}

/** Whether a packet goes to this socket, or is an ICMP message to its host. One to another port answers somebody else. */
function goesTo({ frame }: SeenFrame, { address, port }: Endpoint): boolean {
  const to = (frame.tcp ?? frame.udp)?.destinationPort;
  return frame.ip?.destination === address && (to === undefined || port === 0 || to === port);
}
