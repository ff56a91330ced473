/** Which machines can take part: those for which images can be made, and which have room. */
import { expect, test } from 'vitest';
import { fitting, refuseFull } from '../../../lab/engines/swarm/fitting.ts';

const MIB = 1024 ** 2;
const node = (name: string, architecture: string) => ({
  ...{ name, architecture, version: '26.1.5', cores: 2, memory: 512 * MIB, labels: {} },
});

test.for([
  { others: ['x86_64', 'amd64'], fit: ['a', 'b', 'c'], out: [] },
  { others: ['aarch64', 'x86_64'], fit: ['a', 'c'], out: ['b (aarch64, and a is x86_64)'] },
  {
    others: ['arm64', 'riscv64'],
    fit: ['a'],
    out: ['b (aarch64, and a is x86_64)', 'c (riscv64, and a is x86_64)'],
  },
])('beside x86_64, of $others take part $fit', ({ others, fit, out }) => {
  const [b = '', c = ''] = others;
  const nodes = [node('a', 'x86_64'), node('b', b), node('c', c)];
  const found = fitting(nodes, nodes[0]!);
  expect(found.nodes.map(({ name }) => name)).toEqual(fit);
  expect(found.leftOut).toEqual(out);
});

test('a machine without the memory for its hosts is refused, with the numbers', () => {
  const hosts = (count: number) => Array.from({ length: count }, () => ({ node: 'b' }));
  const nodes = [node('a', 'x86_64'), node('b', 'x86_64')];
  expect(() => refuseFull(hosts(32), nodes)).not.toThrow();
  expect(() => refuseFull(hosts(33), nodes)).toThrow(
    'the node b has 512 MiB of memory, and 33 hosts need more',
  );
});
