/** The program chat for clients of IRC, line by line, and together with people over UDP. */
import { describe, expect, test } from 'vitest';
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
});
