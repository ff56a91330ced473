/** Machines that a user lists. */
import { expect, test } from 'vitest';
import { machinesOf } from '../../../lab/engines/swarm/machines.ts';

test('each has a name, an engine, and the address of its endpoint', () => {
  const found = machinesOf('a=ssh://ann@10.0.0.1,b=tcp://10.0.0.2:2375, c=unix:///run/other.sock');
  expect(found.map(({ name, address, socket }) => [name, address, socket])).toEqual([
    ['a', '10.0.0.1', '/var/run/docker.sock'],
    ['b', '10.0.0.2', '/var/run/docker.sock'],
    ['c', undefined, '/run/other.sock'],
  ]);
});

test.for([
  ['a=ssh://a', 'a=ssh://a is one machine'],
  ['a=ssh://a,a=ssh://b', 'two machines are called a'],
  ['a=ssh://a,ssh://b', '`ssh://b` is not a machine'],
  ['a=ssh://a,B=ssh://b', '`B=ssh://b` is not a machine'],
  ['a=ssh://a,b=ftp://b', '`ftp://b` is not an endpoint of a Docker Engine'],
  ['a=ssh://a,b=b', '`b` is not an endpoint of a Docker Engine'],
  ['', '`` is not a machine'],
])('%s is refused: %s', ([text, message]) => {
  expect(() => machinesOf(text!)).toThrow(message);
});
