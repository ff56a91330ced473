/**
 * A port taken on this host, on every address or on one. Connections and datagrams that arrive there are this host's
 * events.
 */
import { z } from 'zod';
import { type Family, printFamily } from '../model/address.ts';
import { hasFamily, type PlannedHost } from '../model/planned.ts';
import type { StepContext } from '../outcomes/context.ts';
import { Datagrams, Listener } from '../outcomes/conversation.ts';
import { attempt, beginExplained, tell } from '../outcomes/outcome.ts';
import { showEndpoint } from '../outcomes/show.ts';
import { endpoint, family, name, port } from '../scenario/values/values.ts';
import { exactlyOne, localOf, reference } from './arguments.ts';
import { group } from './multicast.ts';
import type { StepKind } from './step.ts';

const place = z.union([port, endpoint]).exactOptional();

const schema = z
  .strictObject({
    tcp: place.describe('Takes TCP connections at this port of every address, or at this endpoint alone.'),
    udp: place.describe('Takes datagrams at this port of every address, or at this endpoint alone.'),
    family: family.exactOptional(),
    backlog: z
      .int()
      .min(0)
      .max(65_535)
      .exactOptional()
      .describe('With `tcp`: the length of the queue in which the kernel keeps new connections (listen(2)).'),
    reuse: z
      .literal(true)
      .exactOptional()
      .describe(
        'true: shares the port with other sockets of this host that say so, too (SO_REUSEPORT, socket(7)). ' +
          'The kernel gives each connection or datagram to one of them, and a datagram for a group to all that have joined.',
      ),
    join: group.exactOptional().describe('With `udp`: a multicast group to hear.'),
    as: name.exactOptional().describe('The name by which later steps accept connections or use the socket.'),
  })
  .superRefine(exactlyOne(['tcp', 'udp']))
  .superRefine((args, context) => {
    const stray = args.tcp !== undefined ? 'join' : 'backlog';
    if (args[stray] === undefined) return;
    const message =
      stray === 'join'
        ? '`join` is for udp: TCP knows no groups'
        : '`backlog` is for tcp: UDP has no connections';
    context.addIssue({ code: 'custom', message, path: [stray] });
  });

type ListenArgs = z.output<typeof schema>;

export const listen: StepKind<ListenArgs> = {
  word: 'listen',
  summary:
    'Takes a port of the host. ' +
    'Connections and datagrams that come there are events of this host (`seen`).',
  example: 'listen: { tcp: "127.0.0.1:9100", as: door }',
  fields: ['local_address', 'local_port'],
  schema,

  references: (args) => [
    ...reference('tcp', 'endpoint', args.tcp, { family: args.family }),
    ...reference('udp', 'endpoint', args.udp, { family: args.family }),
  ],

  gives: (args) => args.as,

  explain(args, step) {
    return args.tcp === undefined
      ? `${step.at} listens on udp ${args.udp}`
      : `${step.at} listens on tcp ${args.tcp}`;
  },

  async run(args, step, context) {
    const outcome = beginExplained(this.explain(args, step));
    return attempt(outcome, async () => {
      const transport = args.tcp === undefined ? 'udp' : 'tcp';
      const written = args.tcp ?? args.udp ?? 0;
      outcome.binds = { transport, ...localOf(written, context, args.family) };
      const opened = args.tcp === undefined ? await openUdp(args, context) : await openTcp(args, context);
      outcome.conversation = opened;
      outcome.opened = true;
      const everywhere = typeof written === 'number';
      const every = args.family ? `every ${printFamily(args.family)} address` : 'every address';
      const where = everywhere ? `${every}, port ${opened.local.port}` : showEndpoint(opened.local);
      tell(outcome, `listening on ${transport} ${where}`);
      outcome.fields = { local_address: opened.local.address, local_port: opened.local.port };
    });
  },
};

async function openTcp(args: ListenArgs, context: StepContext): Promise<Listener> {
  const { agent } = context.host;
  const at =
    typeof args.tcp === 'string'
      ? { at: context.resolve(args.tcp, undefined, args.family) }
      : everywhere(context.host.plan, args.tcp ?? 0, args.family);
  const opened = await agent.tcpListen({
    ...at,
    ...(args.backlog !== undefined && { backlog: args.backlog }),
    ...(args.reuse && { reuse: true }),
  });
  return new Listener(agent, opened);
}

/** Every address of the host, of one family where it is said: `::` takes IPv4 as well unless it is told not to. */
export function everywhere(host: PlannedHost, port: number, family?: Family) {
  const six = family === 'ipv6' || (family === undefined && hasFamily(host, 'ipv6'));
  return { at: { address: six ? '::' : '0.0.0.0', port }, ...(family === 'ipv6' && { ipv6Only: true }) };
}

async function openUdp(args: ListenArgs, context: StepContext): Promise<Datagrams> {
  const { agent } = context.host;
  const { udp, family, reuse } = args;
  const bind = typeof udp === 'string' ? context.resolve(udp, undefined, family) : { port: udp ?? 0 };
  const join = args.join === undefined ? {} : { join: [{ group: args.join }] };
  return new Datagrams(
    agent,
    await agent.udpOpen({ bind, ...join, ...(family && { family }), ...(reuse && { reuse }) }),
  );
}
