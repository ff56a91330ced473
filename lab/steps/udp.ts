/** A UDP socket: opened, or gone on with. RFC 768. */
import { z } from 'zod';
import type { Endpoint } from '../agent/endpoint.ts';
import { type Family, familyOf } from '../model/address.ts';
import type { StepContext } from '../outcomes/context.ts';
import { Datagrams } from '../outcomes/conversation.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { attempt, beginExplained, tell } from '../outcomes/outcome.ts';
import { showEndpoint } from '../outcomes/show.ts';
import { bytes, duration, endpoint, family, name, port } from '../scenario/values/values.ts';
import { giveUpAfter, localOf, reference } from './arguments.ts';
import { datagramAction, perform, send } from './do.ts';
import { group, ttl } from './multicast.ts';
import { datagramsNamed } from './named.ts';
import type { StepKind } from './step.ts';

const schema = z
  .strictObject({
    to: endpoint.exactOptional().describe('Where the datagrams go. Without `use`, a new socket sends them.'),
    family: family.exactOptional(),
    use: name
      .exactOptional()
      .describe(
        'Goes on with the socket of this name. Without `to`, it sends to the peer or to the last sender.',
      ),
    from: z
      .union([port, endpoint])
      .exactOptional()
      .describe('The local port, or the local address and port. By default the kernel chooses.'),
    send: bytes
      .exactOptional()
      .describe('Sends one datagram with these bytes. An empty text is an empty datagram.'),
    connect: z
      .boolean()
      .exactOptional()
      .describe(
        'true: the kernel knows the peer. ICMP errors then reach the socket, and other senders do not.',
      ),
    ttl: ttl.exactOptional().describe('The time to live (hop limit) of its datagrams, 1 to 255.'),
    join: group.exactOptional().describe('A multicast group that the socket hears, too.'),
    give_up: duration
      .exactOptional()
      .describe('How long it waits for the network before it fails as `timeout` (5s by default).'),
    as: name
      .exactOptional()
      .describe('The name by which later steps use this socket. Without it the step closes it.'),
  })
  .superRefine((args, context) => {
    if (args.to !== undefined || args.use !== undefined) return;
    context.addIssue({
      code: 'custom',
      message: 'one of `to` or `use` is missing',
      params: { hint: 'write to: "bounce:9000"' },
    });
  })
  .superRefine((args, context) => {
    const opening = (['from', 'connect', 'ttl', 'join'] as const).filter((key) => args[key] !== undefined);
    if (args.use === undefined || opening.length === 0) return;
    const message = `${opening.join(' and ')} would open a socket, and \`use\` goes on with one`;
    context.addIssue({ code: 'custom', message, params: { hint: 'say it where the socket is opened' } });
  });

type UdpArgs = z.output<typeof schema>;

export const udp: StepKind<UdpArgs> = {
  word: 'udp',
  summary: 'Sends datagrams from a new socket (`to`), or from a socket that is open (`use`).',
  example: 'udp: { to: "bounce:9000", send: hello }',
  fields: ['local_address', 'local_port', 'remote_address', 'remote_port'],
  schema,
  action: datagramAction,

  references: (args) => [
    ...reference('use', 'conversation', args.use),
    ...reference('to', 'endpoint', args.to, { family: args.family }),
    ...reference('from', 'endpoint', args.from, { family: args.family }),
  ],

  gives: (args) => args.as,

  explain(args, step) {
    if (args.use !== undefined) return `${step.at} goes on with ${args.use}`;
    return `udp ${step.at} > ${args.to}`;
  },

  async run(args, step, context) {
    const outcome = beginExplained(this.explain(args, step));
    return attempt(outcome, async () => {
      const giveUp = giveUpAfter(args, step);
      const to =
        args.to === undefined ? undefined : context.resolve(args.to, undefined, familyFor(args, context));
      const socket = await open(args, to, outcome, context);
      try {
        const how = { giveUp, ...(to && { to }) };
        if (args.send) outcome.did += `, ${await send(socket, args.send, how, outcome)}`;
        await perform(socket, step, how, outcome, context);
      } finally {
        setTuple(outcome, socket, to);
      }
    });
  },
};

/** An open socket sends by its own family alone. */
function familyFor({ use, family }: UdpArgs, context: StepContext): Family | undefined {
  return family ?? (use === undefined ? undefined : familyOf(datagramsNamed(use, context).local.address));
}

async function open(
  args: UdpArgs,
  to: Endpoint | undefined,
  outcome: Outcome,
  context: StepContext,
): Promise<Datagrams> {
  const socket =
    args.use !== undefined || !to
      ? datagramsNamed(args.use ?? '', context)
      : await openNew(args, to, outcome, context);
  outcome.conversation = socket;
  outcome.opened = args.use === undefined;
  outcome.sent = false;
  if (args.ttl !== undefined) outcome.ttl = args.ttl;
  tell(outcome, `udp ${showEndpoint(socket.local)}`);
  if (socket.connected && to) outcome.did += ` connected to ${showEndpoint(to)}`;
  return socket;
}

async function openNew(
  args: UdpArgs,
  remote: Endpoint,
  outcome: Outcome,
  context: StepContext,
): Promise<Datagrams> {
  const { agent } = context.host;
  outcome.target = { transport: 'udp', ...remote };
  const bind = args.from === undefined ? undefined : localOf(args.from, context, familyOf(remote.address));
  if (bind) outcome.binds = { transport: 'udp', ...bind };
  const connected = args.connect ?? false;
  const opened = await agent.udpOpen({
    to: remote,
    connect: connected,
    ...(bind && { bind }),
    ...(args.join !== undefined && { join: [{ group: args.join }] }),
    ...(args.ttl !== undefined && { ttl: args.ttl }),
  });
  return new Datagrams(agent, opened, { remote, connected });
}

function setTuple(outcome: Outcome, socket: Datagrams, to: Endpoint | undefined): void {
  const { local } = socket;
  const target = to ?? socket.target;
  outcome.fields = { local_address: local.address, local_port: local.port };
  if (!target) return;
  outcome.target = { transport: 'udp', ...target };
  outcome.tuple = { transport: 'udp', local, remote: target };
  outcome.fields.remote_address = target.address;
  outcome.fields.remote_port = target.port;
}
