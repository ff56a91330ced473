/** An event's line is what JSON.stringify makes of the event, whatever is in it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineOf } from '../../services/event-line.ts';

const end = fc.record({ address: fc.string(), port: fc.nat(65_535) });
const event = fc.record(
  {
    time: fc.string(),
    event: fc.string({ unit: 'binary' }),
    peer: end,
    local: fc.option(end, { nil: undefined }),
    bytes: fc.oneof(fc.integer(), fc.double()),
    text: fc.string({ unit: 'binary' }),
    truncated: fc.constant(true),
    listening: fc.array(end),
    reason: fc.option(fc.string(), { nil: undefined }),
    'a "name"': fc.string(),
  },
  { requiredKeys: [] },
);

test('it is what JSON.stringify makes of it, at every time anew', () => {
  fc.assert(
    fc.property(event, (one) => {
      const line = `${JSON.stringify(one)}\n`;
      expect(lineOf(one)).toBe(line);
      expect(lineOf(one)).toBe(line);
    }),
    { numRuns: 2000 },
  );
});

test('ends that are equal, and not the same object, are each written', () => {
  const ends = [
    { address: '10.0.0.1', port: 1 },
    { address: '10.0.0.1', port: 2 },
  ];
  for (const peer of ends) expect(JSON.parse(lineOf({ peer }))).toEqual({ peer });
});
