/** A TCP connection: opened, accepted, or gone on with. RFC 9293. */
import { z } from 'zod';
import { familyOf } from '../model/address.ts';
import type { StepContext } from '../outcomes/context.ts';
import { Stream } from '../outcomes/conversation.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { attempt, beginExplained, tell } from '../outcomes/outcome.ts';
import { showEndpoint } from '../outcomes/show.ts';
import { bytes, duration, endpoint, family, name, port } from '../scenario/values/values.ts';
import { exactlyOne, giveUpAfter, localOf, reference, TWO_ENDS } from './arguments.ts';
import { perform, send, streamAction } from './do.ts';
import { listenerNamed, streamNamed } from './named.ts';
import type { StepKind } from './step.ts';
import { tcpInfo } from './tcp-info.ts';
import { optionsIn, TCP_OPTIONS } from './tcp-options.ts';

const schema = z
  .strictObject({
    to: endpoint.exactOptional().describe('Opens a connection to this endpoint.'),
    family: family.exactOptional(),
    use: name.exactOptional().describe('Goes on with the connection of this name, from an earlier step.'),
    accept: name.exactOptional().describe('Takes the next connection of the listener of this name.'),
    from: z
      .union([port, endpoint])
      .exactOptional()
      .describe('The local port, or the local address and port. By default the kernel chooses.'),
    send: bytes.exactOptional().describe('Bytes to send as soon as the connection is open.'),
    ...TCP_OPTIONS,
    give_up: duration
      .exactOptional()
      .describe('How long it waits for the network before it fails as `timeout` (5s by default).'),
    as: name
      .exactOptional()
      .describe('The name by which later steps use this connection. Without it the step closes it.'),
  })
  .superRefine(exactlyOne(['to', 'use', 'accept']));

type TcpArgs = z.output<typeof schema>;

export const tcp: StepKind<TcpArgs> = {
  word: 'tcp',
  summary:
    'Opens a TCP connection (`to`), takes one from a listener (`accept`), or goes on with one (`use`). ' +
    'The fields retransmissions and rtt (milliseconds, smoothed) are those of its own kernel when they are looked at.',
  example: 'tcp: { to: "echo:9000", send: hello }',
  fields: ['local_address', 'local_port', 'remote_address', 'remote_port', 'retransmissions', 'rtt'],
  schema,
  action: streamAction,

  references: (args) => [
    ...reference('use', 'conversation', args.use),
    ...reference('accept', 'conversation', args.accept),
    ...reference('to', 'endpoint', args.to, { family: args.family, single: TWO_ENDS }),
    ...reference('from', 'endpoint', args.from, { family: args.family }),
  ],

  gives: (args) => args.as,
  // An agent that can carry frames can call the kernel itself; Node sets keepalive with values of its own.
  needs: (args) => (args.keepalive === undefined ? [] : ['frames']),

  explain(args, step) {
    if (args.use !== undefined) return `${step.at} goes on with ${args.use}`;
    if (args.accept !== undefined) return `${step.at} accepts a connection of ${args.accept}`;
    return `tcp ${step.at} > ${args.to}`;
  },

  async run(args, step, context) {
    const outcome = beginExplained(this.explain(args, step));
    return attempt(outcome, async () => {
      const giveUp = giveUpAfter(args, step);
      const stream = await open(args, giveUp, outcome, context);
      const options = optionsIn(args);
      if (options) await stream.set(options);
      if (args.send) outcome.did += `, ${await send(stream, args.send, { giveUp }, outcome)}`;
      await perform(stream, step, { giveUp }, outcome, context);
    });
  },
};

async function open(args: TcpArgs, giveUp: number, outcome: Outcome, context: StepContext): Promise<Stream> {
  const stream = await find(args, giveUp, outcome, context);
  outcome.conversation = stream;
  outcome.opened = args.use === undefined;
  outcome.sent = args.to !== undefined;
  const { local, remote } = stream;
  outcome.target = { transport: 'tcp', ...remote };
  outcome.tuple = { transport: 'tcp', local, remote };
  tell(
    outcome,
    args.accept === undefined
      ? `tcp ${showEndpoint(local)} > ${showEndpoint(remote)}`
      : `tcp accepted ${showEndpoint(remote)} at ${showEndpoint(local)}`,
  );
  outcome.fields = {
    local_address: local.address,
    local_port: local.port,
    remote_address: remote.address,
    remote_port: remote.port,
  };
  outcome.measured = async () => ({ ...(await tcpInfo(context.host.agent, stream)) });
  return stream;
}

async function find(args: TcpArgs, giveUp: number, outcome: Outcome, context: StepContext): Promise<Stream> {
  if (args.use !== undefined) return streamNamed(args.use, context);
  if (args.accept !== undefined) return listenerNamed(args.accept, context).accept(giveUp);
  const to = context.resolve(args.to ?? '', undefined, args.family);
  outcome.target = { transport: 'tcp', ...to };
  tell(outcome, `tcp ${context.host.name} > ${showEndpoint(to)}`);
  const { agent } = context.host;
  const local = args.from === undefined ? undefined : localOf(args.from, context, familyOf(to.address));
  if (local) outcome.binds = { transport: 'tcp', ...local };
  const from = local ? { from: local } : {};
  return new Stream(agent, await agent.tcpConnect({ to, giveUp, ...from }));
}
