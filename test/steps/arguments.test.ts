/** Arguments of steps: which contradict each other, and what must exist. */
import { describe, expect, test } from 'vitest';
import { expectations, steps } from '../../lab/vocabulary.ts';

const word = (name: string) => steps.find((step) => step.word === name)!;

describe('arguments that contradict each other are refused', () => {
  test.each<[string, unknown, string]>([
    ['tcp', {}, 'one of `to`, `use` or `accept` is missing'],
    ['tcp', { to: 'echo:7', use: 'talk' }, 'to and use exclude each other'],
    ['udp', {}, 'one of `to` or `use` is missing'],
    ['udp', { use: 'talk', from: 4000 }, 'from would open a socket'],
    ['udp', { to: 'echo:7', join: '10.0.0.1' }, 'a multicast group is an address from'],
    ['udp', { to: 'echo:7', ttl: 256 }, 'a TTL is from 1 to 255'],
    ['listen', { tcp: 1, udp: 1 }, 'tcp and udp exclude each other'],
    ['listen', { tcp: 9000, join: '239.0.0.1' }, '`join` is for udp'],
    ['listen', { udp: 9000, backlog: 1 }, '`backlog` is for tcp'],
    ['listen', { tcp: 70_000 }, 'is not a port'],
    ['ntp', { to: 'clock', version: 2 }, 'the NTP version is 3 or 4'],
    ['chat', { to: 'chat' }, '`login` is missing'],
    ['chat', { to: 'chat', login: 'a', say: 'x' }, 'say comes after the login'],
    ['chat', { use: 'talk', say: 'x', quit: true }, 'say and quit are two steps'],
    ['chat', { use: 'talk', person: 'bob' }, '`person` goes with `say`, which is missing'],
    ['exec', '', 'an empty command does nothing'],
  ])('%s %j', (name, args, message) => {
    const parsed = word(name).schema.safeParse(args);
    expect(parsed.success).toBe(false);
    // A union's issues stand inside its own.
    expect(JSON.stringify(parsed.error?.issues)).toContain(message);
  });

  test.each([
    [{ send: 'a', receive: 'b' }, 'an entry does one thing, and this one has send, receive'],
    [{}, 'this entry does nothing'],
  ])('do %j', (entry, message) => {
    const parsed = word('tcp').action!.safeParse(entry);
    expect(parsed.error?.issues[0]?.message).toBe(message);
  });
});

describe('what must exist is named', () => {
  test.each<[string, unknown, unknown[]]>([
    ['tcp', { to: 'echo:7', from: 'alice:4000' }, ['to', 'from']],
    ['tcp', { use: 'talk' }, ['use']],
    ['tcp', { accept: 'door' }, ['accept']],
    ['udp', { use: 'inbox', to: 'alice:7' }, ['use', 'to']],
    ['listen', { tcp: 9000 }, []],
    ['listen', { udp: 'bob:9000' }, ['udp']],
    ['chat', { use: 'talk', say: 'x' }, ['use']],
    ['ping', { to: 'echo' }, ['to']],
  ])('%s %j', (name, args, paths) => {
    const kind = word(name);
    const references = kind.references?.(kind.schema.parse(args)) ?? [];
    expect(references.map(({ path }) => path.join('.'))).toEqual(paths);
  });

  test('also where only a part of the arguments is sound', () => {
    for (const kind of steps) expect(() => kind.references?.({})).not.toThrow();
  });

  test('by seen, the host and the other conversation of each look', () => {
    const seen = expectations.find((one) => one.word === 'seen')!;
    const value = seen.schema.parse(['echo', { by: 'chat', apart_from: 'talk' }]);
    expect(seen.references?.(value)).toEqual([
      { path: [0, 'by'], is: 'host', value: 'echo' },
      { path: [1, 'by'], is: 'host', value: 'chat' },
      { path: [1, 'apart_from'], is: 'conversation', value: 'talk' },
    ]);
  });
});

test('every word has a summary, and an example that begins with it or with expect', () => {
  for (const { word, summary, example } of [...steps, ...expectations]) {
    expect(summary).toMatch(/\.$|…$/);
    expect(example).toMatch(new RegExp(`^(${word}: |expect: \\{ ${word}: )`));
  }
});
