/**
 * Bytes beyond those that a step expected. A conversation without a name is over with its step, so this is the last
 * look at it: exactly these bytes means that no more came.
 */
import { NetworkFailure } from '../agent/protocol.ts';
import type { Receive } from '../expectations/receiving.ts';
import type { Step } from '../model/types.ts';
import type { Check } from '../outcomes/check.ts';
import type { Datagrams, Stream } from '../outcomes/conversation.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { showBytes } from '../outcomes/show.ts';
import type { Action } from './do.ts';

/** Milliseconds in which the peer's FIN, or a reset, may follow on ours. */
const UNTIL_THE_END = 200;
/** Milliseconds in which another datagram may follow: nothing says that it was the last. */
const ANOTHER_DATAGRAM = 50;

/** A check that fails, or undefined where nothing is left. */
export async function leftOver(step: Step, outcome: Outcome): Promise<Check | undefined> {
  const { conversation, opened } = outcome;
  if (!opened || !conversation || conversation.kind === 'listener' || !wasExact(step)) return undefined;
  const over = (step.do as Action[]).some(({ close, reset }) => close || reset);
  try {
    const more =
      conversation.kind === 'stream'
        ? await ofStream(conversation, over)
        : await ofSocket(conversation, over);
    return more && tooMuch(more);
  } catch (error) {
    // A reset, or an ICMP error, brings nothing.
    if (error instanceof NetworkFailure) return undefined;
    throw error;
  }
}

/** Something was received, and a pattern is not all that was asked of it: what follows a match is anybody's guess. */
function wasExact(step: Step): boolean {
  const expected = step.expect.filter(({ kind }) => kind === 'receive').map(({ value }) => value as Receive);
  const asked = [...expected, ...(step.do as Action[]).flatMap(({ receive }) => receive ?? [])];
  return asked.length > 0 && asked.every(({ matches, end }) => matches === undefined || end === true);
}

async function ofStream(stream: Stream, over: boolean): Promise<Buffer | undefined> {
  if (!over) {
    await stream.shutdown();
    await stream.read(() => stream.length > 0, performance.now() + UNTIL_THE_END);
  }
  return stream.length > 0 ? stream.take(stream.length) : undefined;
}

async function ofSocket(socket: Datagrams, over: boolean): Promise<Buffer | undefined> {
  if (over) return undefined;
  return (await socket.receive(performance.now() + ANOTHER_DATAGRAM))?.bytes;
}

function tooMuch(more: Buffer): Check {
  return {
    kind: 'received',
    came: 'more',
    what: 'nothing more came',
    held: false,
    expected: 'nothing more',
    found: showBytes(more),
    why: 'it came after what was asked for; receive it too, or give the conversation a name (as) and read on later',
  };
}
