/** Attacks on the program chat, in a process of its own, and two good people who must hear each other all along. */
import fc from 'fast-check';
import { udpClient } from './clients.ts';
import { type IrcClient, ircClient } from './irc-client.ts';
import { type Measured, measured } from './measured.ts';

export interface ChatTarget extends AsyncDisposable, Measured {
  readonly irc: number;
  readonly udp: number;
  readonly program: Measured['program'];
  /** A person over IRC says something to one over UDP, and the other way; returns the milliseconds until both have heard it. */
  serves(): Promise<number>;
  client(name?: string, rooms?: string): Promise<IrcClient>;
}

export async function chatTarget(env: Record<string, string> = {}): Promise<ChatTarget> {
  const ports = { HOST: '127.0.0.1', PORT: '0', PORT_IRC: '0', IDLE_SECONDS: '600' };
  const target = measured('chat', { ...ports, ...env });
  const { chat: udp = 0, irc = 0 } = await target.program.ports();
  const good = { irc: await ircClient(irc, 'good-irc', '#lan'), udp: await udpClient() };
  // The good person over UDP has said the token, so that nothing is left out.
  await good.udp.ask('/login good-udp', udp);
  const { text } = await good.udp.ask('/here', udp);
  await good.udp.ask(text.replace('relay: say ', ''), udp);
  let said = 0;
  return {
    ...target,
    ...{ irc, udp },
    client: (name, rooms) => ircClient(irc, name, rooms),
    async serves() {
      said += 1;
      const began = performance.now();
      good.irc.says(`PRIVMSG #lan :irc ${said}`);
      let heard = '';
      while (!heard.endsWith(`: irc ${said}`)) heard = (await good.udp.next()).text;
      good.udp.send(`udp ${said}`, udp);
      await good.irc.sees(new RegExp(` PRIVMSG #lan :udp ${said}$`));
      return performance.now() - began;
    },
    async [Symbol.asyncDispose]() {
      good.irc[Symbol.dispose]();
      good.udp[Symbol.dispose]();
      await target.program[Symbol.asyncDispose]();
    },
  };
}

const COMMANDS = [
  'NICK',
  'USER',
  'JOIN',
  'PART',
  'PRIVMSG',
  'NOTICE',
  'NAMES',
  'WHO',
  'WHOIS',
  'TOPIC',
  'MODE',
];
const WORDS = [
  ...COMMANDS,
  'CAP',
  'LS',
  'END',
  'LIST',
  'PING',
  'PONG',
  'PASS',
  '/login',
  '/to',
  '/who',
  '/here',
];
const PARTS = [
  '#lan',
  '#den',
  '#a,#b',
  '*',
  '0',
  ':',
  '::',
  ',',
  'eve',
  '+b',
  '\x01',
  '\x03',
  '\0',
  '\r',
  '\x1b[',
  'é',
];

/** A line that is random, or one of words that the program knows; not UTF-8, empty, cut off or much too long at times. */
export const hostile: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
  fc.uint8Array({ minLength: 1000, maxLength: 1400 }).map((bytes) => Buffer.from(bytes)),
  fc
    .array(fc.oneof(fc.constantFrom(...WORDS), fc.constantFrom(...PARTS), fc.string({ maxLength: 20 })), {
      maxLength: 8,
    })
    .map((words) => Buffer.from(words.join(' '))),
  fc
    .tuple(
      fc.constantFrom('PRIVMSG #den :hello', 'JOIN #den', 'USER a 0 * :A', '/login eve', '/to eve x'),
      fc.nat(),
      fc.nat(255),
    )
    .map(([line, at, value]) => {
      const bytes = Buffer.from(line);
      bytes[at % bytes.length] = value;
      return bytes.subarray(0, 1 + (at % 31));
    }),
);

/** As many as one socket's buffer holds, so that none is lost. */
const BATCH = 50;

/** So many hostile lines over IRC, over connection after connection, and as many over UDP, made from a seed that is printed. */
export async function hostileLines(target: ChatTarget, count: number): Promise<void> {
  const seed = Date.now() & 0x7fffffff;
  console.info(`${count} hostile lines to each port of chat, seed ${seed}`);
  const lines = fc.sample(hostile, { seed, numRuns: Math.min(count, 20_000) });
  using eve = await udpClient({ address: '127.0.0.9' });
  for (let begun = 0; begun < count; begun += BATCH) {
    const some = Array.from({ length: BATCH }, (_, i) => lines[(begun + i) % lines.length]!);
    using client = await target.client();
    client.says('NICK eve', 'USER eve 0 * :Eve');
    client.socket.end(Buffer.concat(some.flatMap((line) => [line, Buffer.from('\n')])));
    for (const line of some) eve.send(line, target.udp, '127.0.0.1');
    eve.send('/help', target.udp, '127.0.0.1');
    await client.ended;
    while (!(await eve.next()).text.includes('/to NAME TEXT, /who'));
  }
}
