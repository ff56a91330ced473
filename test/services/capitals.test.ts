/** Capitals by vectors are capitals by bytes, wherever the bytes begin in their memory. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { capitals } from '../../services/capitals.ts';

/** The plainest way. */
function plain(data: Uint8Array): Buffer {
  return Buffer.from(data.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte)));
}

test('each of the 256 bytes, at each place of a vector', () => {
  const all = Buffer.from(Array.from({ length: 1024 }, (_, index) => (index + (index >> 8)) % 256));
  expect(capitals(Buffer.from(all))).toEqual(plain(all));
});

test.each([65_535, 65_536, 65_537, 200_001])(
  'of %i bytes each is done once, in several parts of memory',
  (length) => {
    const data = Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) % 256));
    expect(capitals(Buffer.from(data)).equals(plain(data))).toBe(true);
  },
);

// Other processors have vectors always, and Node no word to take them away.
test.skipIf(process.arch !== 'x64')('a processor without vectors makes them byte by byte', () => {
  const program = `import { capitals } from './services/capitals.ts';
    import { vectors } from './services/capitals-wasm.ts';
    console.log(vectors === undefined, capitals(Buffer.from('aZ{é'.repeat(100))).toString() === 'AZ{é'.repeat(100));`;
  const without = ['--no-enable-sse4-1', '--input-type=module', '-e', program];
  expect(execFileSync(process.execPath, without, { encoding: 'utf8' })).toBe('true true\n');
});

test('any bytes of any length, and no byte beside them', () => {
  const bytes = fc.uint8Array({ maxLength: 700 });
  fc.assert(
    fc.property(bytes, fc.nat(7), fc.nat(7), (data, before, behind) => {
      const memory = Buffer.alloc(before + data.length + behind, 'a');
      const part = memory.subarray(before, before + data.length);
      part.set(data);
      expect(capitals(part)).toBe(part);
      expect(part).toEqual(plain(data));
      expect(memory.subarray(0, before).toString()).toBe('a'.repeat(before));
      expect(memory.subarray(before + data.length).toString()).toBe('a'.repeat(behind));
    }),
    { numRuns: 2000 },
  );
});
