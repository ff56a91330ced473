/** Exactly these bytes: no more came. Against the programs themselves, which answer all they are sent. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Loopback, loopback, type Written } from './loopback.ts';

let lab: Loopback;
beforeAll(async () => {
  lab = await loopback();
});
afterAll(() => lab[Symbol.asyncDispose]());

const failing = async (written: Omit<Written, 'at'>) =>
  (await lab.run({ ...written, at: 'alice' })).checks.filter(({ held }) => !held);

describe('more than was asked for fails', () => {
  test('where a reading of do takes only a part of it', async () => {
    const [check] = await failing({
      tcp: { to: 'echo:9000' },
      do: [{ send: 'hello' }, { receive: 'HELL' }],
    });
    expect(check).toMatchObject({ what: 'nothing more came', found: '"O"' });
  });

  test('also where the step closes the connection itself', async () => {
    const [check] = await failing({
      tcp: { to: 'echo:9000' },
      do: [{ send: 'hello' }, { receive: 'HELL' }, { close: true }],
    });
    expect(check).toMatchObject({ what: 'nothing more came', found: '"O"' });
  });

  test('where a second datagram is answered too', async () => {
    const [check] = await failing({
      udp: { to: 'bounce:9000', send: 'one' },
      do: [{ send: 'two' }],
      expect: { receive: 'ONE' },
    });
    expect(check).toMatchObject({ what: 'nothing more came', found: '"TWO"' });
  });
});

describe('what is left is nobody’s business', () => {
  test('on a conversation that has a name: a later step reads on', async () => {
    const first = { tcp: { to: 'echo:9000', as: 'talk' }, do: [{ send: 'hello' }, { receive: 'HELL' }] };
    expect(await failing(first)).toEqual([]);
    expect(await failing({ tcp: { use: 'talk' }, expect: { receive: 'O' } })).toEqual([]);
  });

  test('after a pattern', async () => {
    expect(
      await failing({ tcp: { to: 'echo:9000' }, do: [{ send: 'hello' }, { receive: { matches: '^HE' } }] }),
    ).toEqual([]);
  });

  test('and nothing is left where everything was asked for', async () => {
    expect(await failing({ tcp: { to: 'echo:9000', send: 'hello' }, expect: { receive: 'HELLO' } })).toEqual(
      [],
    );
  });
});

test('a download that brings nothing fails where nothing is said of it, and holds where that is meant', async () => {
  const [check] = await failing({ download: { to: 'files', name: 'nosuch.bin' } });
  expect(check).toMatchObject({ what: 'received a file', found: 'nothing, then the end' });
  const meant = { download: { to: 'files', name: 'nosuch.bin' }, expect: { fields: { bytes: 0 } } };
  expect(await failing(meant)).toEqual([]);
});

test('a login that is refused fails where nothing is said of the answer', async () => {
  expect(await failing({ chat: { to: 'chat', login: 'eve', as: 'first' } })).toEqual([]);
  const [check] = await failing({ chat: { to: 'chat', login: 'eve', as: 'second' } });
  expect(check).toMatchObject({ what: 'logged in as eve', found: expect.stringContaining('is taken') });
});
