/** Whatever the bytes are, nothing is thrown and every layer lies within them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode } from '../../lab/wire/decode.ts';
import { checksums } from '../../lab/wire/frame-checksums.ts';
import { LINK } from '../../lab/wire/link-types.ts';
import { explainLayers, printFrame } from '../../lab/wire/print.ts';
import { frame, mutate, mutation } from './any-frame.ts';
import { encodeFrame } from './encode/frame.ts';
import { LINK_KINDS } from './link-kinds.ts';
import { talk } from './odd-captures.ts';

/** Reads all there is to read, as every user of a frame together would. */
function readAll(bytes: Uint8Array, length: number, linkType: number = LINK.ethernet): void {
  const decoded = decode(bytes, length, linkType);
  let end = 0;
  for (const layer of decoded.layers) {
    expect(layer.start).toBe(end);
    expect(layer.end).toBeGreaterThan(layer.start);
    end = layer.end;
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(layer))) Reflect.get(layer, name);
  }
  const { payload, trouble } = decoded;
  expect(payload.start).toBeGreaterThanOrEqual(end);
  expect(payload.end).toBeGreaterThanOrEqual(payload.start);
  expect(payload.end).toBeLessThanOrEqual(bytes.length);
  expect(trouble?.at ?? 0).toBeLessThanOrEqual(bytes.length);
  checksums(decoded);
  expect(printFrame(decoded)).not.toMatch(/[\p{Cc}\p{Cf}]|undefined|NaN/u);
  for (const { start, end: last, fields } of explainLayers(decoded)) {
    for (const field of fields) {
      expect(field.start).toBeGreaterThanOrEqual(start);
      expect(field.end).toBeGreaterThanOrEqual(field.start);
      expect(field.end).toBeLessThanOrEqual(last);
    }
  }
}

test('any bytes at all', () => {
  const types = fc.constantFrom([8, 0, 0x45], [0x86, 0xdd, 0x60], [8, 6, 0], [0x81, 0, 0], []);
  fc.assert(
    fc.property(types, fc.uint8Array({ maxLength: 120 }), fc.nat({ max: 9 }), (type, bytes, more) => {
      if (bytes.length > 17) bytes.set(type, 12);
      readAll(bytes, bytes.length + more);
    }),
    { numRuns: 5000 },
  );
});

test('any bytes at all behind any link type, and what was whole spoilt', () => {
  const linkTypes = fc.constantFrom(...Object.values(LINK), 147);
  fc.assert(
    fc.property(linkTypes, fc.uint8Array({ maxLength: 120 }), fc.nat({ max: 9 }), (linkType, bytes, more) => {
      readAll(bytes, bytes.length + more, linkType);
    }),
    { numRuns: 5000 },
  );
  const whole = fc.record({
    kind: fc.constantFrom(...LINK_KINDS),
    version: fc.constantFrom<4 | 6>(4, 6),
    index: fc.nat({ max: 9 }),
    how: mutation,
  });
  fc.assert(
    fc.property(whole, ({ kind, version, index, how }) => {
      const { bytes: packet, type } = talk(version)[index]!;
      const { bytes, length } = mutate(kind.wrap(packet, type, index), how, packet);
      readAll(bytes, length, kind.linkType);
    }),
    { numRuns: 5000 },
  );
});

test('frames that were whole, spoilt', () => {
  fc.assert(
    fc.property(frame, frame, mutation, (fields, other, how) => {
      const { bytes, length } = mutate(encodeFrame(fields), how, encodeFrame(other));
      readAll(bytes, length);
    }),
    { numRuns: 5000 },
  );
});
