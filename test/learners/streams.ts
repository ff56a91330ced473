/** P1 to P3 over TCP: a greeting, capitals by one message a connection and by many, and clients that go badly. */
import { describe, expect, test } from 'vitest';
import { type Ground, labOf, printed, serves, types } from './learner.ts';

export function streams(ground: Ground): void {
  const at = (last: number) => `${ground.net}.1.${last}`;
  const typed = (line: string) => types(ground, line);
  const echo = `${at(10)} 9000`;
  const here = labOf(ground, 1, {
    alice: [21, typed(`python3 greet_client.py ${at(11)} 8000`)],
    bob: [22, typed(`python3 capitals_once.py ${echo} hello 'two words' 'ÿ is not a to z'`)],
    carol: [23, typed(`python3 capitals_talk.py ${echo} one two three bye four`)],
    dora: [24, typed(`python3 reset.py ${echo} slam && python3 capitals_once.py ${echo} again`)],
    eve: [25, typed(`python3 leave.py ${echo} unread && python3 capitals_once.py ${echo} again`)],
    frank: [
      26,
      typed(
        `python3 try_port.py ${echo}; python3 try_port.py ${at(10)} 9999; python3 try_port.py ${at(12)} 8000`,
      ),
    ],
    greeter: [11, serves(ground, 'python3 greet_server.py 8000')],
    home: [12, serves(ground, 'python3 give_file.py 127.0.0.1 8000 give_file.py')],
    echo: [10, { service: 'tcp-echo' }],
  });
  const seen = (event: string, last: number) =>
    here.net.host('echo').events.all({ event, peer: { address: at(last) } });

  test('P1: a client greets a server on another host, has its fixed answer, and the server saw its address', async () => {
    expect(await printed(here.net, 'alice')).toEqual(['welcome']);
    expect(await printed(here.net, 'greeter')).toEqual(['waiting', `${at(21)} is here`, 'hello']);
  });

  test('P2: one message a connection comes back in capitals, the bytes a to z only', async () => {
    expect(await printed(here.net, 'bob')).toEqual(['HELLO', 'TWO WORDS', 'ÿ IS NOT A TO Z']);
    expect(seen('accept', 22)).toHaveLength(3);
  });

  test('P3: a client that never sends a newline and waits for each answer has every one, on one connection', async () => {
    expect(await printed(here.net, 'carol')).toEqual(['ONE', 'TWO', 'THREE']);
    expect(seen('accept', 23)).toHaveLength(1);
    expect(seen('receive', 23).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });

  describe('P3: the server serves on after', () => {
    test('a client that resets its connection, which it saw', async () => {
      expect(await printed(here.net, 'dora')).toEqual(['SLAM', 'AGAIN']);
      expect(seen('reset', 24)).toMatchObject([{ code: 'ECONNRESET' }]);
    });

    test('a client that closes with the answer unread and shuts nothing down', async () => {
      expect(await printed(here.net, 'eve')).toEqual(['gone', 'AGAIN']);
      const { events } = here.net.host('echo');
      const [first, second] = seen('accept', 25);
      expect(await events.first({ event: 'close', peer: first!.peer! })).toMatchObject({ received: 6 });
      expect(second!.peer!.port).not.toBe(first!.peer!.port);
    });
  });

  test('C6, C29: connect_ex says 0 for our server, and refused for a port of nobody’s and for one on 127.0.0.1', async () => {
    expect(await printed(here.net, 'frank')).toEqual(['0', 'ECONNREFUSED', 'ECONNREFUSED']);
    expect(here.net.host('home').words).toEqual(['waiting']);
    const own = await here.net.host('home').tcp('127.0.0.1:8000');
    expect(await own.text()).toContain('# Sends one file to whoever connects');
  });
}
