/** The same lines of IRC to the program chat and to ngircd: all clients see the same of both. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseMessage } from '../../services/chat/irc/line.ts';
import { createChat } from '../../services/chat/server.ts';
import type { Service } from '../../services/serve.ts';
import { describeNeeding } from '../needs.ts';
import { ircClient } from './irc-client.ts';
import { noNgircd, startNgircd } from './ngircd.ts';

type Said = readonly [who: string, line: string];

/** In this order; each line is heard by all before the next is said. */
const SCRIPT: readonly Said[] = [
  ['alice', 'JOIN #lan'],
  ['bob', 'JOIN #LAN'],
  ['bob', 'PRIVMSG #lan :hello alice'],
  ['alice', 'privmsg #Lan bob:'],
  ['alice', 'PRIVMSG bob :a private word'],
  ['alice', 'PRIVMSG BOB :again'],
  ['carol', 'PRIVMSG #lan :from outside'],
  ['carol', 'PRIVMSG alice,bob :two'],
  ['bob', 'NOTICE #lan :noticed'],
  ['bob', 'NOTICE nobody :lost'],
  ['bob', 'NOTICE'],
  ['bob', 'PRIVMSG'],
  ['bob', 'PRIVMSG alice'],
  ['bob', 'PRIVMSG nobody :lost'],
  ['bob', 'PRIVMSG #nowhere :lost'],
  ['alice', 'TOPIC #lan'],
  ['alice', 'TOPIC #lan :a topic of words'],
  ['bob', 'TOPIC #lan'],
  ['carol', 'TOPIC #nowhere'],
  ['carol', 'JOIN #lan,#two'],
  ['carol', 'JOIN lan'],
  ['carol', 'JOIN'],
  ['carol', 'JOIN #lan'],
  ['alice', 'NAMES #lan'],
  ['alice', 'NAMES #nowhere'],
  ['alice', 'WHO #two'],
  ['alice', 'WHO nobody'],
  ['alice', 'WHOIS bob'],
  ['alice', 'WHOIS nobody'],
  ['alice', 'NICK bob'],
  ['alice', 'NICK 7up'],
  ['alice', 'NICK a.b'],
  ['alice', 'NICK alice'],
  ['alice', 'NICK Alice'],
  ['bob', 'PRIVMSG alice :still here?'],
  ['alice', 'USER again 0 * :Again'],
  ['alice', 'MODE #lan'],
  ['alice', 'MODE nobody'],
  ['alice', 'MODE bob +i'],
  ['bob', 'PING :a token'],
  ['bob', 'PING'],
  ['bob', 'UNHEARD of'],
  ['bob', ''],
  ['bob', ':bob PRIVMSG alice :with a source'],
  ['bob', 'PART #nowhere'],
  ['bob', 'PART #two'],
  ['bob', 'PART #lan :lunch'],
  ['bob', 'PART #lan'],
  ['bob', 'PRIVMSG #lan :from outside'],
  ['bob', 'PART'],
  ['carol', 'PART #two'],
  ['carol', 'JOIN 0'],
  ['bob', 'JOIN #lan'],
  ['alice', 'QUIT :good night'],
];

/** What each server says in its own way: greetings, statistics, times, its capabilities. */
const OWN = new Set(['002', '003', '004', '005', '250', '251', '252', '253', '254', '255', '265', '266']);
for (const code of ['329', '317', '321', '375', '372', '376', '312', '378', '379', '422', 'PONG'])
  OWN.add(code);
/** Replies whose words are for people. */
const isWords = (code: string) => /^(001|3(15|18|31|66|68)|4\d\d|50\d)$/.test(code);

const HISTORY = /^:chat\.lanlab NOTICE \S+ :The last (\d+) lines here/;

/** Without the lines that were said before a client joined, which ours alone has. */
function withoutHistory(lines: readonly string[]): string[] {
  const at = lines.findIndex((line) => HISTORY.test(line));
  if (at < 0) return [...lines];
  const count = Number(HISTORY.exec(lines[at]!)![1]);
  return [...lines.slice(0, at), ...withoutHistory(lines.slice(at + 1 + count))];
}

/** A line as a client acts on it; undefined for what is each server's own. */
function normal(line: string): string | undefined {
  const [source = ''] = /^:\S+/.exec(line) ?? [];
  const { command = '', params = [] } = parseMessage(line) ?? {};
  if (OWN.has(command) || command === 'ERROR' || line.startsWith(':chat.lanlab NOTICE')) return undefined;
  // With ngircd the first in a room is its operator.
  // Which capitals a room's name has is each server's own, too.
  const plain = params.map((one) =>
    (one.startsWith('#') ? one.toLowerCase() : one)
      .replace(/^[@~](?=\S)/, '')
      .replace(/^H@$/, 'H')
      .replace(/^"(.*)"$/, '$1'),
  );
  // The rooms of a configuration stay.
  if (command === '324') plain[2] = plain[2]!.replace('P', '');
  if (command === '333') plain.splice(2, 2);
  if (command === '353')
    plain[3] = plain[3]!
      .split(' ')
      .map((name) => name.replace('@', ''))
      .sort()
      .join(' ');
  const kept = isWords(command) ? plain.slice(0, -1) : plain.filter((one) => one !== '');
  return [source, command, ...kept].join(' ');
}

const ROOMS = ['#one', '#two', '#three'];
const NAMES = ['alice', 'bob', 'carol'];
const CLIENTS = [...NAMES, 'keeper'];

/** The lines that each client has seen after each line that was said. */
async function seen(port: number, script: readonly Said[]): Promise<Record<string, string[]>[]> {
  const clients = new Map<string, Awaited<ReturnType<typeof ircClient>>>();
  for (const name of CLIENTS) clients.set(name, await ircClient(port, name));
  const read = new Map(CLIENTS.map((name) => [name, clients.get(name)!.lines.length]));
  const steps: Record<string, string[]>[] = [];
  for (const [who, line] of script) {
    const speaker = clients.get(who)!;
    speaker.says(line);
    // What a client was sent before it asks stands before the answer.
    for (const client of [speaker, ...[...clients.values()].filter((one) => one !== speaker)]) {
      client.says(`PING :barrier${steps.length}`);
      await client.sees(new RegExp(`PONG .*barrier${steps.length}$|^ERROR `));
    }
    const step: Record<string, string[]> = { [who]: [line] };
    for (const [name, { lines }] of clients) {
      const found = withoutHistory(lines.slice(read.get(name))).flatMap((one) => normal(one) ?? []);
      read.set(name, lines.length);
      step[`${name} sees`] = found;
    }
    steps.push(step);
    if (/^QUIT\b/i.test(line)) clients.delete(who);
  }
  for (const client of clients.values()) {
    client.says('QUIT');
    await client.ended;
  }
  return steps;
}

/** A room of ngircd's configuration is there, with its topic, when everybody has left. So one stays, and clears it. */
const whole = (script: readonly Said[]): Said[] => [
  ['keeper', `JOIN ${ROOMS}`],
  ...script,
  ...ROOMS.map((room): Said => ['keeper', `TOPIC ${room} :`]),
];

describeNeeding('ngircd', noNgircd, 'chat beside ngircd', () => {
  let ours: Service;
  let port: number;
  let theirs: Awaited<ReturnType<typeof startNgircd>>;
  beforeAll(async () => {
    ours = await createChat({ hosts: ['127.0.0.1'], port: 0, ircPort: 0, ircRate: 100_000 });
    port = ours.addresses.find(({ service }) => service === 'irc')!.port;
    theirs = await startNgircd(['#lan', ...ROOMS]);
  });
  afterAll(async () => {
    await ours?.close(0);
    await theirs?.[Symbol.asyncDispose]();
  });

  test('clients see the same of both', async () => {
    expect(await seen(port, SCRIPT)).toEqual(await seen(theirs.port, SCRIPT));
  });

  test('clients see the same of both, whatever they do in rooms', async () => {
    const who = fc.constantFrom(...NAMES);
    const room = fc.constantFrom(...ROOMS, '#ONE', '#one,#two');
    const text = fc.constantFrom(':hello', 'word', ': with spaces  within', '::)');
    const line = fc.oneof(
      fc.tuple(fc.constantFrom('JOIN', 'JOIN', 'PART', 'NAMES'), room).map((words) => words.join(' ')),
      fc
        .tuple(fc.constantFrom('PRIVMSG', 'NOTICE', 'TOPIC'), fc.oneof(room, who), text)
        .map((words) => words.join(' ')),
      room.map((name) => `TOPIC ${name} :`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(who, line), { maxLength: 12 }), async (script) => {
        expect(await seen(port, whole(script))).toEqual(await seen(theirs.port, whole(script)));
      }),
      { numRuns: 25 },
    );
  });
});
