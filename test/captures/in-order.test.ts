/** Frames of several cards as one stream in order of time. */
import { expect, test } from 'vitest';
import { inOrder } from '../../lab/captures/in-order.ts';
import type { Captured } from '../../lab/wire/frame.ts';
import type { Card } from '../../lab/wire/timeline.ts';

const cards = ['02:00:00:00:00:01', '02:00:00:00:00:02'].map(
  (mac, index): Card => ({ host: 'gw', name: `eth${index}`, mac, network: `n${index}`, addresses: [] }),
);
const [home, far] = cards as [Card, Card];
const at = (nanoseconds: number): Captured => ({
  ...{ seconds: 1, nanoseconds, card: 0, bytes: Buffer.alloc(0), length: 0 },
});

function ordered(of: readonly Card[] = cards) {
  const handed: string[] = [];
  let wake = () => {};
  const order = inOrder(of, ({ name }, { nanoseconds }) => {
    handed.push(`${name} ${nanoseconds}`);
    wake();
  });
  const next = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  return { order, handed, next };
}

test('what one card delivers late goes before what the other saw later', () => {
  const { order, handed } = ordered();
  order.take(home, at(1));
  order.take(home, at(4));
  order.take(far, at(2));
  order.take(far, at(3));
  order.end();
  expect(handed).toEqual(['eth0 1', 'eth1 2', 'eth1 3', 'eth0 4']);
});

test('a frame goes as soon as the other card has shown a later one', () => {
  const { order, handed } = ordered();
  order.take(home, at(1));
  expect(handed).toEqual([]);
  order.take(far, at(2));
  expect(handed).toEqual(['eth0 1']);
});

test('a card that hears nothing holds the other one up for a moment only', async () => {
  const { order, handed, next } = ordered();
  const came = next();
  order.take(home, at(1));
  await came;
  expect(handed).toEqual(['eth0 1']);
});

test('of one card alone every frame goes at once', () => {
  const { order, handed } = ordered([home]);
  order.take(home, at(1));
  order.take(home, at(2));
  expect(handed).toEqual(['eth0 1', 'eth0 2']);
});
