/** How the network said no: the host's own kernel's error, not a guess from how long it took. */
import { z } from 'zod';
import { FAILURE_KINDS, NetworkFailure, type NetworkFailureData } from '../agent/protocol.ts';
import type { Check } from '../outcomes/check.ts';
import type { Conversation, Stream } from '../outcomes/conversation.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { showFailure } from '../outcomes/show.ts';
import { type ExpectationKind, patience } from './expectation.ts';

/** The ways in which a network or a kernel says no that a scenario can ask for. */
const kinds = z.enum(FAILURE_KINDS).exclude(['other']);
type Kind = z.infer<typeof kinds>;

/** Kinds that reach a socket later than the call that caused them: a RST or an ICMP message. */
const COMES_LATER: readonly Kind[] = ['reset', 'refused', 'unreachable'];

export const fails: ExpectationKind<Kind> = {
  word: 'fails',
  summary: 'The action fails in this way, and the error says so.',
  example: 'expect: { fails: refused }',
  schema: kinds,

  async check(value, outcome, step) {
    if (!outcome.failure && outcome.conversation && COMES_LATER.includes(value)) {
      const failure = await lateFailure(outcome.conversation, performance.now() + patience(step));
      if (failure) outcome.failure = failure;
    }
    return [judge(value, outcome)];
  },
};

function judge(value: Kind, outcome: Outcome): Check {
  const { failure } = outcome;
  const facts = { kind: 'failed', claimed: value, ...(failure && { failure: failure.kind }) } as const;
  if (!failure) {
    const found = `no failure: ${outcome.did}`;
    return { ...facts, what: `fails: ${value}`, held: false, expected: value, found };
  }
  const found = showFailure(failure);
  if (failure.kind === value)
    return { ...facts, what: found, held: true, ...(value === 'timeout' && { absence: true }) };
  return { ...facts, what: `fails: ${value}`, held: false, expected: value, found, why: failure.message };
}

/** Nothing is kept of what comes. */
async function skim(stream: Stream, deadline: number): Promise<void> {
  while (!stream.ended && performance.now() < deadline) {
    await stream.read(() => stream.length > 0, deadline);
    stream.take(stream.length);
  }
}

/** Reads until the kernel reports an error. Bytes that arrive before it are of no interest here. */
async function lateFailure(
  conversation: Conversation,
  deadline: number,
): Promise<NetworkFailureData | undefined> {
  try {
    if (conversation.kind === 'stream') await skim(conversation, deadline);
    if (conversation.kind === 'datagrams') while (await conversation.receive(deadline));
    return undefined;
  } catch (error) {
    if (error instanceof NetworkFailure) return error.data;
    throw error;
  }
}
