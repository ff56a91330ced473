/** The program chat: lines, private lines, names and addresses. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChatOptions, createChat } from '../../services/chat/server.ts';
import { ALL, ONE } from '../../services/chat/udp/allowance.ts';
import { parseLine } from '../../services/chat/udp/line.ts';
import { type UdpClient, udpClient } from './clients.ts';
import { recorder } from './recorder.ts';

interface Human extends Disposable {
  readonly client: UdpClient;
  readonly at: string;
  say(line: string | Buffer): void;
  /** Says it and returns the next line that comes. */
  ask(line: string | Buffer): Promise<string>;
  hears(): Promise<string>;
}

/** Logged in, each at the address given. */
async function people(port: number, addresses: readonly string[]): Promise<Human[]> {
  const all: Human[] = [];
  // One after the other: together they are more than a socket's buffer holds.
  for (const [i, address] of addresses.entries()) {
    const client = await udpClient({ address });
    await client.ask(`/login p${i}`, port, '127.0.0.1');
    all.push({
      client,
      at: `${address}:${client.port}`,
      say: (line) => client.send(line, port, '127.0.0.1'),
      ask: async (line) => (await client.ask(line, port, '127.0.0.1')).text,
      hears: async () => (await client.next()).text,
      [Symbol.dispose]: () => client.socket.close(),
    });
  }
  return all;
}

/** Bytes that all of them have heard by the time the first is answered; what the relay sent before has arrived then. */
async function heardBy(all: readonly Human[]): Promise<number> {
  for (const one of all) {
    one.say('/help');
    while (!one.client.waiting.some(({ text }) => text.includes('/login NAME'))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const texts = all.flatMap(({ client }) => client.waiting.map(({ data, text }) => ({ data, text })));
  return texts
    .filter(({ text }) => !text.startsWith('relay: '))
    .reduce((sum, { data }) => sum + data.length, 0);
}

async function started(options: ChatOptions = {}) {
  const events = recorder();
  const service = await createChat({
    hosts: ['127.0.0.1'],
    port: 0,
    ircPort: 0,
    onEvent: events.onEvent,
    ...options,
  });
  const port = service.addresses[0]?.port ?? 0;
  const human = async (name?: string): Promise<Human> => {
    const client = await udpClient();
    if (name !== undefined) await client.ask(`/login ${name}`, port);
    return {
      client,
      at: `127.0.0.1:${client.port}`,
      say: (line) => client.send(line, port),
      ask: async (line) => (await client.ask(line, port)).text,
      hears: async () => (await client.next()).text,
      [Symbol.dispose]: () => client.socket.close(),
    };
  };
  return { events, service, port, human, [Symbol.asyncDispose]: () => service.close(0) };
}

describe('chat', () => {
  test('a line goes to everyone else, with who said it and from where', async () => {
    await using chat = await started();
    using alice = await chat.human('alice');
    using bob = await chat.human('bob');
    using carol = await chat.human('carol');
    alice.say('hello all');
    expect(await bob.hears()).toBe(`alice (${alice.at}): hello all`);
    expect(await carol.hears()).toBe(`alice (${alice.at}): hello all`);
    // Had it come back to alice too, it would be what she hears now.
    expect(await alice.ask('/to alice me')).toBe(`alice (${alice.at}) to you: me`);
  });

  test('a private line goes to the one it names and to nobody else', async () => {
    await using chat = await started();
    using alice = await chat.human('alice');
    using bob = await chat.human('bob');
    using carol = await chat.human('carol');
    alice.say('/to bob psst, you');
    expect(await bob.hears()).toBe(`alice (${alice.at}) to you: psst, you`);
    expect(await carol.ask('/to carol barrier')).toBe(`carol (${carol.at}) to you: barrier`);
  });

  test('the relay learns the address from the datagram: two on one host differ by port', async () => {
    await using chat = await started();
    using alice = await chat.human();
    using bob = await chat.human();
    expect(await alice.ask('/login alice')).toBe(`relay: welcome alice, you speak from ${alice.at}`);
    expect(await bob.ask('/login bob')).toBe(`relay: welcome bob, you speak from ${bob.at}`);
    expect(await bob.ask('/who')).toBe(`relay: here: alice (${alice.at}), bob (${bob.at})`);
  });

  test('what cannot be done is answered in words', async () => {
    await using chat = await started();
    using alice = await chat.human('alice');
    using eve = await chat.human();
    expect(await eve.ask('hello')).toBe('relay: log in first: /login NAME');
    expect(await eve.ask('/who')).toBe('relay: log in first: /login NAME');
    const taken = `relay: the name alice is taken by someone at ${alice.at}: choose another`;
    expect(await eve.ask('/login alice')).toBe(taken);
    expect(await eve.ask('/login')).toBe('relay: the name is missing: /login NAME');
    expect(await eve.ask('/login a b')).toBe(
      'relay: a name is 1 to 32 letters, digits, or any of _ - [ ] \\ ` ^ { | }',
    );
    expect(await eve.ask(Buffer.from('c4e3bac3', 'hex'))).toBe('relay: that was not UTF-8');
    expect(await eve.ask(Buffer.alloc(1025, 'x'))).toBe(
      'relay: a line is at most 1024 bytes, this one was 1025',
    );
    expect(await eve.ask('two\nlines')).toBe('relay: one line a datagram, without control characters');
    expect(await eve.ask('')).toBe('relay: that line was empty');
    expect(await alice.ask('/to')).toBe('relay: the name is missing: /to NAME TEXT');
    expect(await alice.ask('/to bob')).toBe('relay: the text is missing: /to NAME TEXT');
    expect(await alice.ask('/to bob hi')).toBe(
      'relay: nobody here is called bob: /who lists everybody who is here',
    );
  });

  test.each(['/quit', 'quit', 'quit\n'])('%j ends it, and the name is free', async (word) => {
    await using chat = await started();
    using alice = await chat.human('alice');
    using other = await chat.human();
    expect(await alice.ask(word)).toBe('relay: goodbye alice');
    expect(await other.ask('/login alice')).toContain('welcome alice');
    expect(await alice.ask('hello?')).toBe('relay: log in first: /login NAME');
  });

  test('someone who logs in again under another name has that one only', async () => {
    await using chat = await started();
    using alice = await chat.human('alice');
    using bob = await chat.human('bob');
    expect(await alice.ask('/login 爱丽丝_2')).toBe(`relay: welcome 爱丽丝_2, you speak from ${alice.at}`);
    expect(await bob.ask('/to alice hi')).toContain('nobody here is called alice');
    bob.say('/to 爱丽丝_2 你好');
    expect(await alice.hears()).toBe(`bob (${bob.at}) to you: 你好`);
  });

  test('someone silent for IDLE_SECONDS is gone, with an event', async () => {
    await using chat = await started({ idleSeconds: 0.1 });
    using alice = await chat.human('alice');
    const peer = { address: '127.0.0.1', port: alice.client.port };
    await chat.events.seen({ event: 'logout', peer, name: 'alice', reason: 'silent' });
    expect(await alice.ask('anyone?')).toBe('relay: log in first: /login NAME');
  });

  test('there is a bound to the number of people', async () => {
    await using chat = await started({ people: 2 });
    using _alice = await chat.human('alice');
    using _bob = await chat.human('bob');
    using carol = await chat.human();
    expect(await carol.ask('/login carol')).toBe('relay: there is no room for another person');
  });

  test('/who stays one small datagram however many there are', async () => {
    await using chat = await started();
    const people = await Promise.all(Array.from({ length: 60 }, (_, i) => chat.human(`person-number-${i}`)));
    const who = await people[0]?.ask('/who');
    expect(Buffer.byteLength(who ?? '')).toBeLessThan(1100);
    expect(who).toMatch(/ and \d+ more$/);
    for (const one of people) one[Symbol.dispose]();
  });

  test('login and logout are events with name and address', async () => {
    await using chat = await started({ events: 'connections' });
    using alice = await chat.human('alice');
    await alice.ask('quit');
    const peer = { address: '127.0.0.1', port: alice.client.port };
    expect(chat.events.all.slice(1)).toMatchObject([
      { event: 'login', peer, name: 'alice' },
      { event: 'logout', peer, name: 'alice', reason: 'quit' },
    ]);
  });

  test('one byte said among many at one address, none of whom has answered, makes no more than its allowance leave', async () => {
    await using chat = await started();
    const all = await people(
      chat.port,
      Array.from({ length: 600 }, () => '127.0.0.1'),
    );
    all[0]?.say('x');
    const bytes = await heardBy(all.slice(1));
    // In full it were some 14,000; while they are sent the account is filled up with 2,048 bytes a second.
    expect(bytes).toBeLessThan(ONE.saved + ONE.rate);
    expect(bytes).toBeGreaterThan(ONE.saved / 2);
    expect(chat.events.matching({ event: 'omit' }).length).toBeGreaterThan(100);
    for (const one of all) one[Symbol.dispose]();
  });

  test('many addresses that have not answered are sent no more than the allowance of all', async () => {
    await using chat = await started();
    const addresses = Array.from({ length: 120 }, (_, i) => `127.0.1.${i + 1}`);
    const all = await people(chat.port, addresses);
    all[0]?.say('x'.repeat(900));
    const bytes = await heardBy(all.slice(1));
    expect(bytes).toBeLessThan(ALL.saved + ALL.rate);
    expect(bytes).toBeGreaterThan(ALL.saved / 2);
    for (const one of all) one[Symbol.dispose]();
  });

  test('a plain client hears every line of a conversation', async () => {
    await using chat = await started();
    using alice = await chat.human('alice');
    using bob = await chat.human('bob');
    for (let i = 0; i < 60; i += 1) {
      alice.say(`line ${i}: ${'words '.repeat(12)}`);
      expect(await bob.hears()).toContain(`line ${i}:`);
    }
  });

  test('an address that says its token is sent everything, one that says another is not', async () => {
    await using chat = await started();
    const [alice, bob] = (await people(chat.port, ['127.0.0.2', '127.0.0.3'])) as [Human, Human];
    const line = 'x'.repeat(1000);
    for (let i = 0; i < 30; i += 1) alice.say(line);
    let notice = '';
    while (!notice.startsWith('relay: ')) notice = await bob.hears();
    const proof = /^relay: lines are left out, .* until you say (\/here [\da-f]{8})$/.exec(notice)?.[1];
    expect(await bob.ask('/here')).toBe(`relay: say ${proof}`);
    expect(await bob.ask('/here 00000000')).toBe(`relay: say ${proof}`);
    expect(await alice.ask(proof ?? '')).toContain('relay: say /here ');
    expect(await bob.ask(proof ?? '')).toBe('relay: you are there: nothing is left out for you');
    for (let i = 0; i < 30; i += 1) {
      alice.say(line);
      expect(await bob.hears()).toContain(line);
    }
    for (const one of [alice, bob]) one[Symbol.dispose]();
  });

  test('a server that sends the token back with the line it came in has proven nothing', async () => {
    await using chat = await started();
    using alice = await chat.human('alice');
    using mirror = await chat.human('mirror');
    mirror.say(await mirror.ask('/here'));
    expect(await mirror.ask('/here')).toContain('relay: say /here ');
    expect(await alice.hears()).toContain('relay: say /here ');
  });

  test('no datagram ends it', async () => {
    await using chat = await started();
    using eve = await chat.human('eve');
    const words = fc.constantFrom(
      '/to',
      '/login',
      '/who',
      ' ',
      'eve',
      'é',
      '\0',
      '\r\n',
      '/',
      '\ud83d\ude00',
    );
    const line = fc.oneof(
      fc.uint8Array({ maxLength: 1200 }).map((bytes) => Buffer.from(bytes)),
      fc.array(words, { maxLength: 6 }).map((parts) => Buffer.from(parts.join(''))),
    );
    await fc.assert(
      fc.asyncProperty(line, async (data) => {
        eve.say(data);
        eve.say('/help');
        while (!(await eve.hears()).includes('/to NAME TEXT, /who'));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a chat line', () => {
  const kinds = (text: string) => parseLine(Buffer.from(text)).kind;

  test('is a command only when it begins with the whole word', () => {
    expect(kinds('/loginbob')).toBe('say');
    expect(kinds('quit now')).toBe('say');
    expect(kinds('/who is there')).toBe('say');
    expect(kinds('/frobnicate')).toBe('say');
  });

  test('may end in a newline, with or without a carriage return', () => {
    expect(parseLine(Buffer.from('hello\r\n'))).toEqual({ kind: 'say', text: 'hello' });
  });

  test('names are letters and digits of any script, at most 32', () => {
    for (const name of ['a', 'Ünsal', 'देवी', '小明-7', 'x'.repeat(32)]) {
      expect(parseLine(Buffer.from(`/login ${name}`))).toEqual({
        kind: 'login',
        name: name.normalize('NFC'),
      });
    }
    for (const name of ['x'.repeat(33), 'a.b', 'a:b', '(bob)', '☃'])
      expect(kinds(`/login ${name}`)).toBe('wrong');
  });

  test('a name is one however its accents are typed', () => {
    expect(parseLine(Buffer.from('/login e\u0301'))).toEqual({ kind: 'login', name: '\u00e9' });
  });
});
