/** P4 to P6 and P11 to P13 over UDP: capitals, the time, a sender and its receivers, one socket both ways. */
import { describe, expect, test } from 'vitest';
import { type Ground, labOf, printed, serves, types } from './learner.ts';

const SECONDS = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

export function datagrams(ground: Ground): void {
  const at = (last: number) => `${ground.net}.3.${last}`;
  const typed = (line: string) => types(ground, line);
  const says = (encoding: string, last: number) =>
    `python3 udp_send.py ${at(last)} 8888 ${encoding} 你好 second exit never`;
  const began = Date.now();
  const here = labOf(ground, 3, {
    alice: [21, typed(`python3 udp_capitals.py ${at(11)} 9000 hello again`)],
    bob: [
      22,
      typed(`python3 udp_time.py ${at(12)} 9000 && python3 udp_time.py ${at(12)} 9000 '%Y, week %V'`),
    ],
    carol: [23, typed(`${says('utf-8', 31)} && ${says('gbk', 32)} && ${says('utf-8', 33)}`)],
    dora: [24, typed(says('gbk', 34))],
    eve: [25, typed(`python3 udp_talk.py 8888 ${at(11)} 9000 one two three`)],
    frank: [26, typed(`python3 udp_talk.py 7777 ${at(35)} 8888 'are you there?'`)],
    greta: [27, typed(`python3 udp_send.py ${at(28)} 8888 utf-8 hello 'and again' exit`)],
    nobody: [28, {}],
    utf: [31, serves(ground, 'python3 udp_receive.py 8888 utf-8')],
    gbk: [32, serves(ground, 'python3 udp_receive.py 8888 gbk')],
    misled: [33, serves(ground, 'python3 udp_receive.py 8888 gbk')],
    strict: [34, serves(ground, 'python3 udp_receive.py 8888 utf-8')],
    polite: [35, serves(ground, 'python3 udp_answer.py 8888 yes')],
    bounce: [11, { service: 'udp-echo' }],
    clock: [12, { service: 'time', env: { TZ: 'UTC' } }],
  });
  const words = (host: string) => () => here.net.host(host).words;

  test('P4, P5: datagrams come back in capitals from the address they were sent to', async () => {
    const from = `from ('${at(11)}', 9000)`;
    expect(await printed(here.net, 'alice')).toEqual([`HELLO ${from}`, `AGAIN ${from}`]);
    const seen = here.net.host('bounce').events.all({ event: 'receive', peer: { address: at(21) } });
    expect(seen.map(({ text }) => text)).toEqual(['hello', 'again']);
  });

  test('P6: an empty datagram is answered with date and time, one with a format in that format', async () => {
    const [plain, week] = await printed(here.net, 'bob');
    expect(plain).toMatch(SECONDS);
    const time = Date.parse(`${plain!.replace(' ', 'T')}Z`);
    expect(time).toBeGreaterThan(began - 1000);
    expect(time).toBeLessThanOrEqual(Date.now());
    expect(week).toMatch(/^20\d\d, week [0-5]\d$/);
    const seen = here.net.host('clock').events.all({ event: 'receive', peer: { address: at(22) } });
    expect(seen.map(({ bytes }) => bytes)).toEqual([0, 11]);
  });

  describe('P11, P12: what a sender sends until `exit`', () => {
    test('is printed by a receiver on another host, with the sender’s address; `exit` and the rest are not sent', async () => {
      expect(await printed(here.net, 'carol')).toEqual(Array(3).fill('that is all'));
      await expect.poll(words('utf')).toEqual(['waiting', `${at(23)}: 你好`, `${at(23)}: second`]);
    });

    test('in GBK is right for a receiver that reads GBK', async () => {
      await expect.poll(words('gbk')).toEqual(['waiting', `${at(23)}: 你好`, `${at(23)}: second`]);
    });

    test('C36: in UTF-8 is another text for a receiver that reads GBK', async () => {
      await expect.poll(words('misled')).toEqual(['waiting', `${at(23)}: 浣犲ソ`, `${at(23)}: second`]);
    });

    test('C36: in GBK is no text for a receiver that reads UTF-8, which ends by it; the sender is told nothing', async () => {
      expect(await printed(here.net, 'dora')).toEqual(['that is all']);
      expect(await here.net.host('strict').program!.ended).toEqual({ exit: 1, signal: null });
      const said = words('strict')();
      expect(said[0]).toBe('waiting');
      expect(said.at(-1)).toMatch(/^UnicodeDecodeError: 'utf-8' codec can't decode byte 0xc4 in position 0/);
    });

    test('C31: to nobody is no error', async () => {
      expect(await printed(here.net, 'greta')).toEqual(['that is all']);
    });
  });

  describe('P13: one socket', () => {
    test('sends while it receives, from its own port', async () => {
      expect(await printed(here.net, 'eve')).toEqual(['ONE', 'TWO', 'THREE']);
      const seen = here.net.host('bounce').events.all({ event: 'receive', peer: { address: at(25) } });
      expect(seen.map(({ peer, text }) => [peer?.port, text])).toEqual([
        [8888, 'one'],
        [8888, 'two'],
        [8888, 'three'],
      ]);
    });

    test('answers the sender of what it got', async () => {
      expect(await printed(here.net, 'frank')).toEqual(['yes']);
      expect(await printed(here.net, 'polite')).toEqual(['waiting', `('${at(26)}', 7777) are you there?`]);
    });
  });
}
