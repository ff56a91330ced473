/** Takes from a conversation what an expectation asks for, and says whether it was that. */
import type { Endpoint } from '../agent/endpoint.ts';
import { LabError } from '../errors.ts';
import { type Family, familyOf } from '../model/address.ts';
import type { Came, Check } from '../outcomes/check.ts';
import type { Conversation, Datagram, Datagrams, Stream } from '../outcomes/conversation.ts';
import type { Answer } from '../outcomes/outcome.ts';
import { answerOf } from '../outcomes/outcome.ts';
import { showBytes, showEndpoint, showTime } from '../outcomes/show.ts';
import { find } from '../patterns/find.ts';
import { toRegExp } from '../scenario/values/values.ts';
import { type Judgement, judge } from './judging.ts';
import { describe, type Receive, wantedLength } from './receiving.ts';

export interface ReadingOptions {
  /** Milliseconds in which it has to have come. */
  within: number;
  /** Milliseconds in which nothing more may come after it. */
  hold: number | undefined;
  /** Whether bytes after the wanted ones are left for the next reading, or make it fail. */
  rest: 'keep' | 'refuse';
  /** Of a name the address of this family, where it has one. */
  resolve(endpoint: string, family: Family): Endpoint;
}

/** The result of a reading. */
interface Reading {
  came: Came;
  shown: string;
  problems: string[];
  /** Why it cannot be said that all holds, where there is no problem. */
  unsure?: string[];
}

/** A failure of the network on the way (a reset) is thrown as NetworkFailure. */
export async function receiveFrom(
  conversation: Conversation,
  want: Receive,
  options: ReadingOptions,
): Promise<Check> {
  if (conversation.kind === 'listener') {
    throw new LabError('scenario', 'a listening TCP socket receives nothing itself', {
      hint: 'accept a connection first: tcp: { accept: NAME }',
    });
  }
  const found =
    conversation.kind === 'stream'
      ? await fromStream(conversation, want, options)
      : await fromDatagrams(conversation, want, options);
  return toCheck(want, found, options);
}

/** The action has ended, so the answer is complete. Patterns are tried for `within` milliseconds. */
export async function receiveAnswer(answer: Answer, want: Receive, within: number): Promise<Check> {
  const { head, bytes, sha256 } = answer;
  const sum = sha256 === undefined ? '' : ` (sha256 ${sha256.slice(0, 12)}…)`;
  const shown = head.length === bytes ? showBytes(head) : `${bytes} bytes${sum}`;
  const end = want.end ? ', then the end' : '';
  const { problems, unsure } = await judge(want, answer, within);
  const came = problems.length === 0 ? 'all' : 'other';
  return toCheck(want, { came, shown: shown + end, problems, unsure }, { hold: undefined });
}

function toCheck(want: Receive, found: Reading, options: Pick<ReadingOptions, 'hold'>): Check {
  const time = options.hold === undefined ? '' : ` for ${showTime(options.hold)}`;
  const more = want.nothing ? time : time && `, and nothing more${time}`;
  const { came, shown, problems, unsure = [] } = found;
  const silent = options.hold !== undefined && came === 'all' && { absence: true as const };
  const facts = { kind: 'received', came, ...silent } as const;
  const expected = describe(want) + more;
  if (problems.length === 0 && unsure.length > 0) {
    const why = unsure.join('; ');
    return {
      ...facts,
      what: `received ${expected}`,
      held: false,
      incomplete: true,
      expected,
      found: shown,
      why,
    };
  }
  if (problems.length === 0) return { ...facts, what: `received ${shown}${more}`, held: true };
  const why = [...problems, ...hint(want)].join('; ');
  return { ...facts, what: `received ${expected}`, held: false, expected, found: shown, why };
}

/** These words are texts like any other, and hardly ever meant as such. */
function hint({ exact }: Receive): string[] {
  const text = exact && 'text' in exact ? exact.text : '';
  return ['end', 'nothing'].includes(text) ? [`for what the word means write { ${text}: true }`] : [];
}

/** Bytes of the buffer that the wanted thing takes up. */
async function extent(
  stream: Stream,
  want: Receive,
  { rest, within }: Pick<ReadingOptions, 'rest' | 'within'>,
): Promise<number> {
  const length = wantedLength(want);
  if (length !== undefined) return Math.min(length, stream.length);
  if (want.matches === undefined || want.end || rest === 'refuse') return stream.length;
  const text = stream.peek().toString('utf8');
  const match = await find(toRegExp(want.matches), text, within);
  return match ? Buffer.byteLength(text.slice(0, match.to)) : stream.length;
}

async function enough(stream: Stream, want: Receive, deadline: number): Promise<boolean> {
  const length = wantedLength(want);
  if (length !== undefined) return stream.length >= length;
  if (want.nothing) return stream.length > 0;
  if (want.end && want.matches === undefined && !want.sha256) return stream.length > 0;
  if (want.end || want.matches === undefined) return false;
  const text = stream.peek().toString('utf8');
  return (await find(toRegExp(want.matches), text, deadline - performance.now())) !== undefined;
}

async function fromStream(stream: Stream, want: Receive, options: ReadingOptions): Promise<Reading> {
  if (want.nothing) return silence(stream, options.hold ?? 0);
  if (wantedLength(want) === 0 && !want.end) return emptyMessage();
  const deadline = performance.now() + options.within;
  let met = false;
  await stream.read(async () => {
    met = await enough(stream, want, deadline);
    return met;
  }, deadline);
  const onlyEnd = want.end === true && Object.keys(want).length === 1;
  const taken = stream.take(onlyEnd ? 0 : await extent(stream, want, options));
  const { problems }: Judgement = await judge(want, answerOf(taken), deadline - performance.now());
  problems.push(...shortage(stream, taken, want, options));
  if (problems.length > 0) {
    const came = met ? 'other' : cutShort(stream, taken, want);
    return { came, shown: showBytes(taken), problems };
  }
  const after = want.end ? await theEnd(stream, deadline) : await theRest(stream, options);
  const parts = [onlyEnd ? '' : showBytes(taken), after.shown];
  return { ...after, shown: parts.filter((part) => part !== '').join(', then ') };
}

/** The bytes that there were when the peer's FIN, or the end of the time, came before all that was expected. */
function cutShort(stream: Stream, taken: Buffer, want: Receive): Came {
  if (!stream.ended) return taken.length === 0 ? 'nothing' : 'part';
  return taken.length === 0 || taken.length < (wantedLength(want) ?? 0) ? 'end' : 'other';
}

/** Why there are not as many bytes as there should be. */
function shortage(stream: Stream, taken: Buffer, want: Receive, options: ReadingOptions): string[] {
  if (taken.length >= (wantedLength(want) ?? 0)) return [];
  return [stream.ended ? 'then the peer ended the stream' : `no more in ${showTime(options.within)}`];
}

async function silence(stream: Stream, hold: number): Promise<Reading> {
  const began = performance.now();
  await stream.read(() => stream.length > 0, began + hold);
  if (stream.length === 0 && !stream.ended) return { came: 'all', shown: 'nothing', problems: [] };
  const shown = stream.length > 0 ? showBytes(stream.take(stream.length)) : "the peer's FIN";
  return { came: 'more', shown, problems: [`it came after ${showTime(performance.now() - began)}`] };
}

function emptyMessage(): Reading {
  const problem = 'a stream has no empty message; write { end: true } or { nothing: true }';
  return { came: 'other', shown: 'nothing that could be told from silence', problems: [problem] };
}

/** The peer's FIN, with nothing before it. */
async function theEnd(stream: Stream, deadline: number): Promise<Reading> {
  await stream.read(() => stream.length > 0, deadline);
  if (stream.length > 0) {
    const shown = showBytes(stream.take(stream.length));
    return { came: 'more', shown, problems: ['more came before the end'] };
  }
  if (stream.ended) return { came: 'all', shown: 'the end', problems: [] };
  return { came: 'other', shown: 'no FIN', problems: ['the peer has not closed its side'] };
}

async function theRest(stream: Stream, options: ReadingOptions): Promise<Reading> {
  if (options.rest === 'keep') return { came: 'all', shown: '', problems: [] };
  if (options.hold !== undefined) {
    await stream.read(() => stream.length > 0, performance.now() + options.hold);
  }
  if (stream.length === 0) return { came: 'all', shown: '', problems: [] };
  const shown = showBytes(stream.take(stream.length));
  return { came: 'more', shown, problems: [`more came than expected: ${shown}`] };
}

async function fromDatagrams(socket: Datagrams, want: Receive, options: ReadingOptions): Promise<Reading> {
  if (want.end) {
    throw new LabError('scenario', 'datagrams have no end', { hint: 'write { nothing: true } and for: 1s' });
  }
  const time = want.nothing ? (options.hold ?? 0) : options.within;
  const datagram = await socket.receive(performance.now() + time);
  if (want.nothing) {
    if (!datagram) return { came: 'all', shown: 'nothing', problems: [] };
    return { came: 'more', shown: showDatagram(datagram), problems: ['a datagram came'] };
  }
  if (!datagram) return { came: 'nothing', shown: 'nothing', problems: [`no datagram in ${showTime(time)}`] };
  const { problems } = await judge(want, answerOf(datagram.bytes), options.within);
  problems.push(...wrongSender(want, datagram, options));
  const shown = showDatagram(datagram);
  if (problems.length > 0) return { came: 'other', shown, problems };
  const next =
    options.hold === undefined ? undefined : await socket.receive(performance.now() + options.hold);
  if (next) return { came: 'more', shown, problems: [`another datagram came: ${showDatagram(next)}`] };
  return { came: 'all', shown, problems };
}

function wrongSender(want: Receive, datagram: Datagram, options: ReadingOptions): string[] {
  if (want.from === undefined) return [];
  const expected = showEndpoint(options.resolve(want.from, familyOf(datagram.from.address)));
  const found = showEndpoint(datagram.from);
  return expected === found ? [] : [`it came from ${found}, not from ${expected}`];
}

function showDatagram(datagram: Datagram): string {
  const shown = datagram.bytes.length === 0 ? 'an empty datagram' : showBytes(datagram.bytes);
  return `${shown} from ${showEndpoint(datagram.from)}`;
}
