import { z } from 'zod';
import type { Endpoint } from '../agent/protocol.ts';
import type { StepContext } from '../outcomes/context.ts';
import { Datagrams, Listener } from '../outcomes/conversation.ts';
import { attempt, begin } from '../outcomes/outcome.ts';
import { showEndpoint } from '../outcomes/show.ts';
import { endpoint, name, port } from '../scenario/values.ts';
import { exactlyOne, type Local, reference } from './arguments.ts';
import { group } from './multicast.ts';
import type { StepKind } from './step.ts';

interface ListenArgs {
  tcp?: Local;
  udp?: Local;
  /** Connections that may wait to be accepted. */
  backlog?: number;
  join?: string;
  as?: string;
}

const place = z.union([port, endpoint]).optional();

const schema = z
  .strictObject({
    tcp: place,
    udp: place,
    backlog: z.int().min(0).max(65_535).optional(),
    join: group.optional(),
    as: name.optional(),
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
  }) as z.ZodType<ListenArgs>;

/** A port taken on this host, on every address or on one. What arrives there are this host's events. */
export const listen: StepKind<ListenArgs> = {
  word: 'listen',
  summary: 'Takes a port of the host; connections and datagrams that come are its events (seen).',
  example: 'listen: { tcp: "127.0.0.1:9100", as: door }',
  schema,

  references: (args) => [
    ...reference('tcp', 'endpoint', args.tcp),
    ...reference('udp', 'endpoint', args.udp),
  ],

  gives: (args) => args.as,

  explain(args, step) {
    return args.tcp === undefined
      ? `${step.at} listens on udp ${args.udp}`
      : `${step.at} listens on tcp ${args.tcp}`;
  },

  async run(args, step, context) {
    const outcome = begin(this.explain(args, step));
    return attempt(outcome, async () => {
      const opened = args.tcp === undefined ? await openUdp(args, context) : await openTcp(args, context);
      outcome.conversation = opened;
      outcome.opened = true;
      const transport = args.tcp === undefined ? 'udp' : 'tcp';
      const everywhere = typeof (args.tcp ?? args.udp) === 'number';
      const where = everywhere ? `every address, port ${opened.local.port}` : showEndpoint(opened.local);
      outcome.did = `listening on ${transport} ${where}`;
      outcome.fields = { local_address: opened.local.address, local_port: opened.local.port };
    });
  },
};

async function openTcp(args: ListenArgs, context: StepContext): Promise<Listener> {
  const { agent } = context.host;
  const at: Endpoint =
    typeof args.tcp === 'string' ? context.resolve(args.tcp) : { address: '0.0.0.0', port: args.tcp ?? 0 };
  const opened = await agent.tcpListen({ at, ...(args.backlog !== undefined && { backlog: args.backlog }) });
  return new Listener(agent, opened);
}

async function openUdp(args: ListenArgs, context: StepContext): Promise<Datagrams> {
  const { agent } = context.host;
  const bind = typeof args.udp === 'string' ? context.resolve(args.udp) : { port: args.udp ?? 0 };
  const join = args.join === undefined ? {} : { join: [{ group: args.join }] };
  return new Datagrams(agent, await agent.udpOpen({ bind, ...join }));
}
