/** The relay's clients: each speaks from a port of its own, and the relay learns which. */
import { z } from 'zod';
import type { Step } from '../model/types.ts';
import type { StepContext } from '../outcomes/context.ts';
import { Datagrams } from '../outcomes/conversation.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { answerOf, attempt, beginExplained, tell } from '../outcomes/outcome.ts';
import { showBytes, showEndpoint } from '../outcomes/show.ts';
import { duration, endpoint, family, name } from '../scenario/values/values.ts';
import { exactlyOne, giveUpAfter, reference } from './arguments.ts';
import { datagramsNamed } from './named.ts';
import type { StepKind } from './step.ts';

const PORT = 9000;

/** The actions in an open conversation; with none of them, the step listens. */
const ACTIONS = ['say', 'who', 'quit'] as const;

const schema = z
  .strictObject({
    to: endpoint.exactOptional().describe('Logs in at this relay. Its port is 9000 where none is written.'),
    family: family.exactOptional(),
    login: z.string().exactOptional().describe('With `to`: the name of the person who logs in.'),
    as: name.exactOptional().describe('With `to`: the name by which later steps use this login.'),
    use: name.exactOptional().describe('Goes on with the login of this name.'),
    say: z.string().exactOptional().describe('With `use`: a line for everybody else, or for one person.'),
    person: z.string().exactOptional().describe('With `say`: the only person who gets the line.'),
    who: z.literal(true).exactOptional().describe('With `use`: asks the relay who is there.'),
    quit: z.literal(true).exactOptional().describe('With `use`: logs out.'),
    give_up: duration
      .exactOptional()
      .describe('How long it waits for the answer before it fails as `timeout` (5s by default).'),
  })
  .superRefine(exactlyOne(['to', 'use']))
  .superRefine((args, context) => {
    const wrong = misfit(args);
    if (wrong) context.addIssue({ code: 'custom', message: wrong.what, params: { hint: wrong.hint } });
  });

type ChatArgs = z.output<typeof schema>;

function misfit(args: ChatArgs): { what: string; hint: string } | undefined {
  const actions = ACTIONS.filter((key) => args[key] !== undefined);
  const login = 'chat: { to: chat, login: alice, as: alice-talk }';
  if (args.to !== undefined && args.login === undefined)
    return { what: '`login` is missing', hint: `write ${login}` };
  if (args.to !== undefined && actions.length > 0) {
    return {
      what: `${actions.join(' and ')} comes after the login`,
      hint: 'give the login `as`, and `use` it in the next step',
    };
  }
  if (args.use !== undefined && (args.login ?? args.as) !== undefined) {
    return { what: '`login` and `as` go with `to`', hint: `write ${login}` };
  }
  if (actions.length > 1)
    return { what: `${actions.join(' and ')} are two steps`, hint: 'one action a step' };
  if (args.person !== undefined && args.say === undefined) {
    return {
      what: '`person` goes with `say`, which is missing',
      hint: 'write { use: alice-talk, person: bob, say: hello }',
    };
  }
  return undefined;
}

export const chat: StepKind<ChatArgs> = {
  word: 'chat',
  summary:
    'Logs in at a chat relay (`to`, `login`), or says something with an open login (`use`). ' +
    '`receive` looks at the lines that come.',
  example: 'chat: { to: chat, login: alice, as: alice-talk }',
  fields: ['local_address', 'local_port', 'answer'],
  schema,

  references: (args) => [
    ...reference('use', 'conversation', args.use),
    ...reference('to', 'endpoint', args.to, { defaultPort: PORT, family: args.family }),
  ],

  gives: (args) => args.as,

  explain(args, step) {
    if (args.login !== undefined) return `${step.at} logs in at ${args.to} as ${args.login}`;
    const line = lineOf(args);
    return line === undefined ? `${step.at} reads the chat` : `${step.at} says ${JSON.stringify(line)}`;
  },

  async run(args, step, context) {
    const outcome = beginExplained(this.explain(args, step));
    return attempt(outcome, async () => {
      if (args.use === undefined) {
        await login(args, step, outcome, context);
        if (step.expect.length === 0) refuseRefusal(args, outcome);
      } else await goOn(args, args.use, outcome, context);
    });
  },
};

/** The datagram that the relay is sent, in its own commands. */
export function lineOf(args: ChatArgs): string | undefined {
  if (args.who) return '/who';
  if (args.quit) return '/quit';
  if (args.say === undefined) return undefined;
  return args.person === undefined ? args.say : `/to ${args.person} ${args.say}`;
}

async function login(args: ChatArgs, step: Step, outcome: Outcome, context: StepContext): Promise<void> {
  const { agent } = context.host;
  const to = context.resolve(args.to ?? '', PORT, args.family);
  outcome.target = { transport: 'udp', ...to };
  const asked = showBytes(Buffer.from(`/login ${args.login}`));
  tell(outcome, `chat ${context.host.name} > ${showEndpoint(to)}, sent ${asked}`);
  const found = await agent.chat({ to, name: args.login ?? '', giveUp: giveUpAfter(args, step) });
  const socket = new Datagrams(agent, found, { remote: to });
  describe(outcome, socket);
  outcome.opened = true;
  tell(outcome, `chat ${showEndpoint(found.local)} > ${showEndpoint(to)}, sent ${asked}`);
  outcome.answer = answerOf(Buffer.from(found.answer));
  outcome.fields.answer = found.answer;
}

/** Where nothing is said of the relay's answer, a login is one that was let in. */
function refuseRefusal({ login }: ChatArgs, { checks, fields }: Outcome): void {
  const answer = String(fields.answer);
  if (answer.startsWith(`relay: welcome ${login},`)) return;
  const why = 'if you expect that, write expect: { receive: … }';
  const told = { what: `logged in as ${login}`, expected: 'a welcome', found: answer, why };
  checks.push({ kind: 'action', held: false, ...told });
}

async function goOn(args: ChatArgs, use: string, outcome: Outcome, context: StepContext): Promise<void> {
  const socket = datagramsNamed(use, context);
  describe(outcome, socket);
  const line = lineOf(args);
  outcome.sent = line !== undefined;
  if (line === undefined || !socket.remote) return;
  await socket.send(Buffer.from(line), socket.remote);
  const tuple = `${showEndpoint(socket.local)} > ${showEndpoint(socket.remote)}`;
  tell(outcome, `chat ${tuple}, sent ${showBytes(Buffer.from(line))}`);
}

function describe(outcome: Outcome, socket: Datagrams): void {
  outcome.conversation = socket;
  outcome.fields = { local_address: socket.local.address, local_port: socket.local.port };
  if (!socket.remote) return;
  outcome.target = { transport: 'udp', ...socket.remote };
  outcome.tuple = { transport: 'udp', local: socket.local, remote: socket.remote };
}
