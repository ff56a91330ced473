/** Which routers relay marks to hosts that capture, worked out from a plan. */
import { expect, test } from 'vitest';
import { waysTo } from '../../lab/captures/relays.ts';
import { addressesOf } from '../../lab/model/planned.ts';
import { planOf } from '../lab.ts';

const { hosts } = planOf(`
lab: chain
networks: { home: 10.50.1.0/24, middle: 10.50.2.0/24, far: 10.50.3.0/24, side: 10.50.4.0/24 }
hosts:
  one: { forward: true, networks: [home, middle] }
  two: { forward: true, networks: [middle, far] }
  aside: { forward: true, networks: [home, side] }
  alice: { networks: { home: 10.50.1.21 }, gateway: one }
  mid: { networks: { middle: 10.50.2.21 } }
  lone: { networks: { side: 10.50.4.21 }, gateway: none }
  echo: { networks: { far: 10.50.3.10 } }
`);

const cardsOf = (name: string) =>
  hosts
    .filter((host) => host.name === name)
    .flatMap((host) =>
      host.interfaces.map((card) => ({ ...card, host: name, addresses: addressesOf(card) })),
    );

test('marks are relayed by every router that frames for who looks come by', () => {
  expect(waysTo(cardsOf('echo'), hosts)).toEqual({ routers: ['two', 'one'], longest: 2 });
});

test('from a network to which no way leads nothing has to be waited for', () => {
  const apart = hosts.filter(({ name }) => !['one', 'two'].includes(name));
  expect(waysTo(cardsOf('echo'), apart)).toEqual({ routers: [], longest: 0 });
});

test('on one LAN there is nobody to relay marks', () => {
  const lan = hosts.filter(({ interfaces }) => interfaces.length === 1);
  expect(waysTo(cardsOf('alice'), lan)).toEqual({ routers: [], longest: 0 });
});
