/** P9 and P10: people at the relay, two of them on one host, each with a client that binds no port of its own. */
import { describe, expect, test } from 'vitest';
import { type Ground, labOf, printed, types } from './learner.ts';

export function talk(ground: Ground): void {
  const at = (last: number) => `${ground.net}.4.${last}`;
  /** Three people, each of whom says one line to all; `hears` counts what the others have for this one. */
  const chats = (name: string, hears: number, ...lines: string[]) =>
    `python3 chat.py ${at(14)} 9000 ${name} 3 ${hears} ${lines.map((line) => `'${line}'`).join(' ')}`;
  const here = labOf(ground, 4, {
    // Each in a window of its own: what the two print must not mix.
    desk: [
      21,
      types(
        ground,
        `${chats('alice', 2, 'good morning')} >/tmp/alice & ${chats('bob', 2, '/to carol coffee?', 'hello')} >/tmp/bob; wait $! && cat /tmp/alice /tmp/bob`,
      ),
    ],
    carol: [23, types(ground, chats('carol', 3, '大家好'))],
    relay: [14, { service: 'chat' }],
  });
  const logins = () => here.net.host('relay').events.all({ event: 'login' });
  const place = (name: string) => {
    const { address, port } = logins().find((event) => event.name === name)!.peer!;
    return `${name} (${address}:${port})`;
  };
  const sees = async (name: string) => {
    const words = await printed(here.net, name === 'carol' ? 'carol' : 'desk');
    return words
      .filter((line) => line.startsWith(`${name} sees `))
      .map((line) => line.slice(`${name} sees `.length));
  };

  describe('the relay', () => {
    test('P10: has two people on one host by the ports they got, and tells each where they speak from', async () => {
      const [alice, bob] = [await sees('alice'), await sees('bob')];
      expect(logins().filter(({ peer }) => peer?.address === at(21))).toHaveLength(2);
      expect(place('alice').split(':')[1]).not.toBe(place('bob').split(':')[1]);
      const from = (name: string) => place(name).replace(/^.*\((.*)\)$/, '$1');
      expect(alice[0]).toBe(`relay: welcome alice, you speak from ${from('alice')}`);
      expect(bob[0]).toBe(`relay: welcome bob, you speak from ${from('bob')}`);
    });

    test('P9: shows everyone what the others say, with the address of who said it', async () => {
      const alice = new Set((await sees('alice')).slice(1, -1));
      expect(alice).toEqual(new Set([`${place('bob')}: hello`, `${place('carol')}: 大家好`]));
      const bob = new Set((await sees('bob')).slice(1, -1));
      expect(bob).toEqual(new Set([`${place('alice')}: good morning`, `${place('carol')}: 大家好`]));
    });

    test('P10: forwards by name to one person only', async () => {
      // What bob says to all comes after it, and the others have that.
      for (const name of ['alice', 'bob']) expect((await sees(name)).join()).not.toContain('coffee');
      expect(await sees('alice')).toContain(`${place('bob')}: hello`);
      const carol = new Set((await sees('carol')).slice(1, -1));
      expect(carol).toEqual(
        new Set([
          `${place('alice')}: good morning`,
          `${place('bob')}: hello`,
          `${place('bob')} to you: coffee?`,
        ]),
      );
    });

    test('P9: says goodbye to who says quit', async () => {
      for (const name of ['alice', 'bob', 'carol']) expect((await sees(name)).at(-1)).toMatch(/goodbye/);
      const gone = here.net.host('relay').events.all({ event: 'logout' });
      expect(new Set(gone.map(({ name, reason }) => `${name} ${reason}`))).toEqual(
        new Set(['alice quit', 'bob quit', 'carol quit']),
      );
    });
  });
}
