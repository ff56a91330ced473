/** Which layers of images a node is not given again, and the archive without them. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { tar } from '../../lab/engines/containers/tar.ts';
import { heldLayers } from '../../lab/engines/swarm/layers.ts';
import { withoutEntries } from '../../lab/engines/swarm/without-entries.ts';

test('the layers of a base that is there are left out', () => {
  expect([...heldLayers([['base', 'agent']], [['base']])]).toEqual(['base']);
});

test('a layer on top of others is another one, and is sent', () => {
  expect([...heldLayers([['base', 'new', 'empty']], [['base', 'empty']])]).toEqual(['base']);
});

test('a layer that one image of the archive needs is sent, though another one does not', () => {
  expect([
    ...heldLayers(
      [
        ['base', 'empty'],
        ['other', 'empty'],
      ],
      [['base', 'empty']],
    ),
  ]).toEqual(['base']);
});

const FILES = ['one', 'two', `deep/${'long'.repeat(40)}`, 'four'].map((path, index) => ({
  path,
  bytes: randomBytes([0, 5000, 1024, 511][index]!),
}));

test.each([1, 100, 512, 100_000])(
  'an archive in chunks of %i bytes loses one entry and no other byte',
  async (size) => {
    const whole = Buffer.concat([...tar(FILES)]);
    const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
      whole.subarray(index * size, (index + 1) * size),
    );
    const archive = await buffer(Readable.from(chunks).pipe(withoutEntries((name) => name === 'two')));
    expect(archive).toEqual(Buffer.concat([...tar(FILES.filter(({ path }) => path !== 'two'))]));
    expect(execFileSync('tar', ['t'], { input: archive, encoding: 'utf8' }).trim().split('\n')).toHaveLength(
      3,
    );
  },
);
