/** `do:`: what follows on the same conversation, entry by entry. */
import { z } from 'zod';
import type { Endpoint } from '../agent/endpoint.ts';
import { LabError } from '../errors.ts';
import { patience } from '../expectations/expectation.ts';
import { receiveFrom } from '../expectations/reading.ts';
import { SILENCE, senderFor } from '../expectations/receive.ts';
import { receiving } from '../expectations/receiving.ts';
import { materialise } from '../model/bytes.ts';
import type { BytesSpec, Step } from '../model/types.ts';
import type { StepContext } from '../outcomes/context.ts';
import type { Datagrams, Stream } from '../outcomes/conversation.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { showBytes, showEndpoint } from '../outcomes/show.ts';
import { bytes } from '../scenario/values/values.ts';

function oneOnly(entry: object, context: z.RefinementCtx): void {
  const given = Object.keys(entry);
  if (given.length === 1) return;
  const message = given.length
    ? `an entry does one thing, and this one has ${given.join(', ')}`
    : 'this entry does nothing';
  context.addIssue({
    code: 'custom',
    message,
    params: { hint: 'write a list: do: [{ send: a }, { receive: A }]' },
  });
}

const common = {
  send: bytes.exactOptional().describe('Sends these bytes.'),
  receive: receiving
    .exactOptional()
    .describe('Reads the next bytes or the next datagram. It takes the same as `receive` under `expect`.'),
  close: z.literal(true).exactOptional().describe('true: closes the socket.'),
};

export const streamAction = z
  .strictObject({
    ...common,
    shutdown: z
      .literal('write')
      .exactOptional()
      .describe('write: sends a FIN (half-close). Reading goes on.'),
    reset: z.literal(true).exactOptional().describe('true: ends the connection with a RST.'),
  })
  .superRefine(oneOnly);

/** One entry, as either may be; exactly one of its keys is there. */
export type Action = z.output<typeof streamAction>;

export const datagramAction = z.strictObject(common).superRefine(oneOnly);

/** `giveUp` in milliseconds. For datagrams the receiver: by default the peer, or the last sender. */
export interface Sending {
  giveUp: number;
  to?: Endpoint;
}

/**
 * Does the entries in order and stops at the first reading that is not as expected. The action of each is added to
 * `outcome.did`; the network's refusal is thrown as NetworkFailure.
 */
export async function perform(
  conversation: Stream | Datagrams,
  step: Step,
  how: Sending,
  outcome: Outcome,
  context: StepContext,
): Promise<void> {
  for (const action of step.do as Action[]) {
    if (action.receive) {
      const options = {
        within: patience(step),
        hold: action.receive.nothing ? (step.for ?? SILENCE) : undefined,
        rest: 'keep' as const,
        resolve: senderFor(context),
      };
      const check = await receiveFrom(conversation, action.receive, options);
      outcome.checks.push(check);
      if (!check.held) return;
    } else {
      outcome.did += `, ${await act(conversation, action, how, outcome)}`;
    }
  }
}

async function act(
  conversation: Stream | Datagrams,
  action: Action,
  how: Sending,
  outcome: Outcome,
): Promise<string> {
  if (action.send) return send(conversation, action.send, how, outcome);
  outcome.sent = true;
  if (action.close) {
    await conversation.close();
    return 'closed';
  }
  if (conversation.kind !== 'stream')
    throw new Error('checked by the schema: datagrams are sent or received');
  if (action.reset) {
    await conversation.reset();
    return 'reset';
  }
  await conversation.shutdown();
  return 'shut down writing';
}

/** Sends to the peer, and says what. */
export async function send(
  conversation: Stream | Datagrams,
  spec: BytesSpec,
  how: Sending,
  outcome: Outcome,
): Promise<string> {
  const content = materialise(spec);
  const shown = content.length === 0 ? 'an empty datagram' : showBytes(content);
  outcome.sent = true;
  if (conversation.kind === 'stream') {
    await conversation.send(content, how.giveUp);
    return `sent ${shown}`;
  }
  const to = how.to ?? conversation.target;
  if (!to) {
    throw new LabError('scenario', 'the receiver is missing: nobody has sent anything to this socket yet', {
      hint: 'give `to`, or receive a datagram first: a reply goes to its sender',
    });
  }
  outcome.datagram = content.length;
  await conversation.send(content, to);
  return `sent ${shown} to ${showEndpoint(to)}`;
}
