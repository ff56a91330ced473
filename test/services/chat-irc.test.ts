/** The program chat for clients of IRC, line by line, and together with people over UDP. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Input } from '../../services/chat/irc/input.ts';
import { parseMessage } from '../../services/chat/irc/line.ts';
import { type ChatOptions, createChat } from '../../services/chat/server.ts';
import { udpClient } from './clients.ts';
import { ircClient } from './irc-client.ts';
import { recorder } from './recorder.ts';

async function started(options: ChatOptions = {}) {
  const events = recorder();
  const service = await createChat({
    ...{ hosts: ['127.0.0.1'], port: 0, ircPort: 0, onEvent: events.onEvent },
    ...options,
  });
  const portOf = (name: string) => service.addresses.find((one) => one.service === name)!.port;
  const [udp, irc] = [portOf('chat'), portOf('irc')];
  return {
    ...{ events, service, irc, udp },
    /** With the name and in the rooms. */
    client: (name?: string, rooms?: string) => ircClient(irc, name, rooms),
    human: async (name: string) => {
      const client = await udpClient();
      await client.ask(`/login ${name}`, udp);
      return {
        at: `127.0.0.1:${client.port}`,
        says: (line: string) => client.send(line, udp),
        asks: async (line: string) => (await client.ask(line, udp)).text,
        hears: async () => (await client.next()).text,
        [Symbol.dispose]: () => client.socket.close(),
      };
    },
    [Symbol.asyncDispose]: () => service.close(0),
  };
}

describe('IRC', () => {
  test('a client is welcomed with the numerics that clients wait for', async () => {
    await using chat = await started();
    using alice = await chat.client('alice');
    const codes = alice.lines.map((line) => line.split(' ')[1]);
    expect(codes).toEqual(['001', '002', '003', '004', '005', '251', '375', '372', '376']);
    expect(alice.lines[0]).toBe(
      ':chat.lanlab 001 alice :Welcome to the chat of this LAN, alice!~alice@127.0.0.1',
    );
    expect(await chat.events.seen({ event: 'login', name: 'alice' })).toMatchObject({ transport: 'tcp' });
  });

  test('people over IRC and over UDP are in one room, and hear each other', async () => {
    await using chat = await started();
    using bob = await chat.human('bob');
    using alice = await chat.client('alice', '#lan');
    expect(alice.lines).toContain(':chat.lanlab 353 alice = #lan :bob alice');
    bob.says('hello IRC');
    await alice.sees(':bob!udp@127.0.0.1 PRIVMSG #lan :hello IRC');
    alice.says('PRIVMSG #lan :hello UDP');
    expect(await bob.hears()).toBe(`alice (${alice.at}): hello UDP`);
    alice.says('PRIVMSG bob :a private word');
    expect(await bob.hears()).toBe(`alice (${alice.at}) to you: a private word`);
    bob.says('/to alice and one back');
    await alice.sees(':bob!udp@127.0.0.1 PRIVMSG alice :and one back');
    expect(await bob.asks('/who')).toBe(`relay: here: bob (${bob.at}), alice (${alice.at})`);
    using carol = await chat.human('carol');
    await alice.sees(':carol!udp@127.0.0.1 JOIN #lan');
    await carol.asks('/login carla');
    await alice.sees(':carol!udp@127.0.0.1 NICK carla');
    await carol.asks('/quit');
    await alice.sees(':carla!udp@127.0.0.1 QUIT :quit');
  });

  test('a client that joins gets the last 50 lines of the room, and no more', async () => {
    await using chat = await started({ ircRate: 1000 });
    using bob = await chat.human('bob');
    using alice = await chat.client('alice', '#lan');
    for (let i = 1; i <= 60; i += 1) bob.says(`line ${i}`);
    await alice.sees(/ :line 60$/);
    alice.says('NOTICE #lan :is not kept');
    using carol = await chat.client('carol', '#lan');
    await carol.sees(/:The last 50 lines here, since 2\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ:$/);
    await carol.sees(/ :line 60$/);
    expect(carol.lines.filter((line) => line.includes('PRIVMSG #lan :line')).length).toBe(50);
    expect(carol.lines.some((line) => / :line 10$|is not kept/.test(line))).toBe(false);
  });

  test('a room that everybody has left is gone with its lines, and #lan stays', async () => {
    await using chat = await started();
    using alice = await chat.client('alice', '#lan,#den');
    alice.says('PRIVMSG #den :secret', 'PRIVMSG #lan :open', 'PART #den,#lan', 'JOIN #den,#lan');
    await alice.sees(/ PRIVMSG #lan :open$/);
    expect(alice.lines.join('\n')).not.toContain('secret');
  });

  test('a line over UDP that is longer than a line of IRC comes as several, and no character is cut', async () => {
    await using chat = await started();
    using bob = await chat.human('小明');
    using alice = await chat.client('alice', '#lan');
    const text = '四个字节'.repeat(80);
    bob.says(text);
    const head = ':小明!udp@127.0.0.1 PRIVMSG #lan :';
    let heard = '';
    while (heard.length < text.length) {
      const line = await alice.sees(/ PRIVMSG /);
      expect(Buffer.byteLength(`${line}\r\n`)).toBeLessThanOrEqual(512);
      expect(line.startsWith(head)).toBe(true);
      heard += line.slice(head.length);
    }
    expect(heard).toBe(text);
  });

  test('people over UDP see no codes of IRC clients, an action as one, and none of their questions', async () => {
    await using chat = await started();
    using bob = await chat.human('bob');
    using alice = await chat.client('alice', '#lan');
    alice.says('PRIVMSG #lan :\x01VERSION\x01', 'PRIVMSG #lan :\x02bold\x0f and \x0304,01red\x03 9');
    expect(await bob.hears()).toBe(`alice (${alice.at}): bold and red 9`);
    alice.says('PRIVMSG #lan :\x01ACTION waves\x01');
    expect(await bob.hears()).toBe(`alice (${alice.at}): * waves`);
  });

  test('names are one set: taken is taken, in capitals too, and any name over UDP is shown', async () => {
    await using chat = await started();
    using bob = await chat.human('7up');
    using alice = await chat.client('alice', '#lan');
    expect(alice.lines).toContain(':chat.lanlab 353 alice = #lan :7up alice');
    alice.says('PRIVMSG 7UP :hello');
    expect(await bob.hears()).toContain('to you: hello');
    expect(await bob.asks('/login Alice')).toContain('the name alice is taken');
    using carol = await chat.client();
    carol.says('USER c 0 * :C', 'NICK ALICE');
    await carol.sees(':chat.lanlab 433 * ALICE :Nickname is already in use');
    carol.says('NICK 9lives');
    await carol.sees(':chat.lanlab 432 * 9lives :Erroneous nickname');
    carol.says('NICK [c]`^{|}');
    await carol.sees(/ 376 /);
    expect(await bob.asks('/who')).toContain('[c]`^{|} (');
  });

  test('before NICK and USER nothing is done, and there is room for so many people', async () => {
    await using chat = await started({ people: 1 });
    using alice = await chat.client();
    alice.says('JOIN #lan', 'CAP LS 302', 'NICK alice', 'USER a 0 * :A', 'CAP REQ :sasl');
    await alice.sees(':chat.lanlab 451 * :You have not registered');
    await alice.sees(':chat.lanlab CAP * LS :');
    await alice.sees(':chat.lanlab CAP alice NAK :sasl');
    alice.says('PING :early');
    await alice.sees(/ PONG .*:early$/);
    alice.says('CAP END');
    await alice.sees(/ 001 alice /);
    using bob = await chat.client();
    bob.says('NICK bob', 'USER b 0 * :B');
    expect((await bob.ended).at(-1)).toBe(
      'ERROR :Closing Link: 127.0.0.1 (there is no room for another person)',
    );
  });

  test('lines too long, not UTF-8, empty or with control characters are refused, and the next is heard', async () => {
    await using chat = await started();
    using alice = await chat.client('alice');
    const fits = `PING :${'x'.repeat(504)}`;
    alice.says(fits);
    await alice.sees(/ PONG /);
    alice.says(`${fits}x`);
    await alice.sees(/ 417 /);
    alice.socket.write('y'.repeat(100_000));
    alice.says('');
    await alice.sees(/ 417 /);
    alice.socket.write(Buffer.from('PING :\xff\r\n', 'latin1'));
    await alice.sees(':chat.lanlab NOTICE alice :that line was not UTF-8');
    for (const wrong of ['\0', '\r', '\x1b[2J', '\u0085', '\u2028']) {
      alice.says(`PRIVMSG alice :a${wrong}b`);
      await alice.sees(':chat.lanlab NOTICE alice :that line had a control character');
    }
    alice.socket.write('\r\n\n  \nPI');
    alice.socket.write('NG :end\n');
    await alice.sees(/ PONG .*:end$/);
  });

  test('a client that does not say who it is is ended, with the reason', async () => {
    await using chat = await started({ registerMs: 100 });
    using alice = await chat.client();
    alice.says('NICK alice');
    const why = 'no NICK and USER within 0.1 s';
    expect((await alice.ended).at(-1)).toBe(`ERROR :Closing Link: 127.0.0.1 (${why})`);
    await chat.events.seen({ event: 'refuse', reason: why });
  });

  test('a silent client is asked, and gone if it does not answer', async () => {
    await using chat = await started({ idleSeconds: 0.3 });
    using alice = await chat.client('alice', '#den');
    using bob = await chat.client('bob', '#den');
    let line = '';
    let pings = 0;
    while (!line.includes('QUIT')) {
      line = await bob.sees(/^PING |QUIT/);
      bob.says('PONG :chat.lanlab');
      pings += 1;
    }
    expect(pings).toBeGreaterThan(1);
    expect(line).toBe(':alice!~alice@127.0.0.1 QUIT :Ping timeout: 1 s');
    expect((await alice.ended).slice(-2)).toEqual([
      'PING :chat.lanlab',
      'ERROR :Closing Link: 127.0.0.1 (Ping timeout: 1 s)',
    ]);
    await chat.events.seen({ event: 'logout', name: 'alice', reason: 'silent' });
  });

  test('lines beyond the rate wait, and a client that goes on is ended with the reason', async () => {
    await using chat = await started({ ircRate: 20 });
    using alice = await chat.client('alice', '#den');
    using bob = await chat.client('bob', '#den');
    const began = performance.now();
    alice.says(...Array.from({ length: 105 }, (_, i) => `PRIVMSG #den :${i}`));
    await bob.sees(/ :104$/);
    // A hundred are saved up and used by what was said before, too: five and more wait for 50 ms each.
    expect(performance.now() - began).toBeGreaterThan(200);
    alice.says(...Array.from({ length: 400 }, (_, i) => `PRIVMSG #den :${'x'.repeat(50)}${i}`));
    expect((await alice.ended).at(-1)).toMatch(/^ERROR :Closing Link: 127\.0\.0\.1 \(Excess Flood: /);
    await bob.sees(/ QUIT :Excess Flood: /);
    await chat.events.seen({ event: 'logout', name: 'alice', reason: 'flood' });
  });

  test('a client that does not read is dropped with the reason, and keeps nobody waiting', async () => {
    await using chat = await started({ ircRate: 100_000, events: 'connections' });
    using alice = await chat.client('alice', '#den');
    using deaf = await chat.client('deaf', '#den');
    using bob = await chat.client('bob', '#den');
    deaf.socket.pause();
    let round = 0;
    while (chat.events.matching({ event: 'logout', name: 'deaf', reason: 'slow' }).length === 0) {
      round += 1;
      alice.says(...Array.from({ length: 200 }, () => `PRIVMSG #den :${'x'.repeat(400)}`), `PING :${round}`);
      await alice.sees(new RegExp(` PONG .*:${round}$`));
      bob.says(`PING :${round}`);
      await bob.sees(new RegExp(` PONG .*:${round}$`));
    }
    expect(bob.lines.filter((line) => / QUIT :reads too slowly: \d+ bytes waited$/.test(line)).length).toBe(
      1,
    );
  });

  test('a client that leaves without a word is gone, and what it said last is heard', async () => {
    await using chat = await started();
    using bob = await chat.client('bob', '#den');
    using alice = await chat.client('alice', '#den');
    alice.socket.end('PRIVMSG #den :last words\r\n');
    await bob.sees(/ :last words$/);
    await bob.sees(':alice!~alice@127.0.0.1 QUIT :Connection closed');
    await alice.ended;
  });

  test('the server that ends tells everybody', async () => {
    await using chat = await started();
    using alice = await chat.client('alice', '#den');
    await chat.service.close();
    expect((await alice.ended).at(-1)).toBe('ERROR :Closing Link: 127.0.0.1 (the server ends)');
  });

  test('each line is an event, with its sender', async () => {
    await using chat = await started();
    using alice = await chat.client('alice', '#lan');
    using bob = await chat.client('bob', '#lan');
    alice.says('PRIVMSG #lan :hello', 'TOPIC #lan :new');
    await bob.sees(/ TOPIC /);
    const peer = { address: '127.0.0.1', port: alice.socket.localPort };
    await chat.events.seen({ event: 'receive', peer, text: 'PRIVMSG #lan :hello', bytes: 19 });
    await chat.events.seen({ event: 'join', peer, name: 'alice', room: '#lan' });
    const sent = ':alice!~alice@127.0.0.1 PRIVMSG #lan :hello';
    expect(await chat.events.seen({ event: 'send', text: sent })).toMatchObject({
      peer: { port: bob.socket.localPort },
      bytes: sent.length + 2,
    });
  });
});

describe('a message of IRC', () => {
  test.each<[string, unknown]>([
    ['NICK alice', { command: 'NICK', params: ['alice'] }],
    ['  :bob!b@h  privmsg  #a,b   :  two words ', { command: 'PRIVMSG', params: ['#a,b', '  two words '] }],
    [
      'A 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 :16',
      { command: 'A', params: [...'123456789'.split(''), ...['10', '11', '12', '13', '14', '15 :16']] },
    ],
    ['QUIT :', { command: 'QUIT', params: [''] }],
    ['JOIN a ', { command: 'JOIN', params: ['a'] }],
    [':only', undefined],
    ['', undefined],
  ])('%j', (line, message) => {
    expect(parseMessage(line)).toEqual(message);
  });

  test('is cut into lines wherever its bytes are cut', () => {
    const whole = Buffer.from(`one\r\ntwo\n\n${'x'.repeat(600)}\r\nthree ✓\r\n`);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: whole.length }), { maxLength: 8 }), (cuts) => {
        const input = new Input();
        const found: unknown[] = [];
        const ends = [...new Set([...cuts, whole.length])].sort((a, b) => a - b);
        let start = 0;
        for (const end of ends) {
          input.push(whole.subarray(start, end));
          start = end;
          for (let line = input.next(); line !== undefined; line = input.next()) found.push(line.toString());
          expect(input.waiting).toBeLessThanOrEqual(512);
        }
        expect(found).toEqual(['one', 'two', '', 'too long', 'three ✓']);
      }),
    );
  });
});
