/** The form that works, made of what was written: whatever is shown is taken by the schema. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { flow, pair } from '../../lab/scenario/hints/flow.ts';
import { formOf, meantBy, takes } from '../../lab/scenario/hints/form.ts';
import { hostSchema } from '../../lab/scenario/hosts/hosts.ts';
import { askedOf } from '../../lab/scenario/vocabulary.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { SOMEBODY } from '../../lab/wire/lines/hint.ts';

const words = [...vocabulary.steps, ...vocabulary.expectations];
const asked = (word: string) => askedOf(words.find((one) => one.word === word)!, SOMEBODY);

describe('what was written is put where it belongs', () => {
  test.each([
    ['ping', 'bob', 'ping: { to: bob }'],
    ['tcp', 'bob:80', 'tcp: { to: "bob:80" }'],
    ['tcp', 'bob', 'tcp: { to: "bob:9000" }'],
    ['listen', 80, 'listen: { tcp: 80 }'],
    ['listen', 'udp 53', 'listen: { udp: 53 }'],
    ['fault', 'cut alice bob', 'fault: { cut: [alice, bob] }'],
    ['fault', 'kill echo', 'fault: { kill: echo }'],
    ['wire', 'tcp alice > bob', 'wire: ["tcp alice > bob"]'],
    ['heal', ['gap'], 'heal: gap'],
  ])('%s: %j', (word, value, form) => expect(formOf(word, value, asked(word))).toBe(form));

  test('in a list of assignments, as compose has it', () => {
    expect(formOf('env', ['A=b', 'C=d'], { schema: hostSchema.shape.env })).toBe('env: { A: b, C: d }');
  });

  test('and where nothing of it can be used the example is shown', () => {
    expect(formOf('ping', null, asked('ping'))).toBe('ping: { to: echo, count: 3 }');
  });
});

test.each(words.map(({ word }) => word))('the example of `%s` is taken, and reads the same again', (word) => {
  const { schema, example } = asked(word);
  expect(takes(schema, example)).toBe(true);
  expect(parse(pair(word, example))).toEqual({ [word]: example });
});

test('whatever is meant is taken', () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }));
  fc.assert(
    fc.property(fc.constantFrom(...words), value, ({ word }, written) => {
      const meant = meantBy(written, asked(word));
      if (meant !== undefined) expect(takes(asked(word).schema, meant)).toBe(true);
    }),
  );
});

test('a line of YAML reads as the value that it was made of', () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('2s', '10.50.1.0/24', 'yes', 'no', 'a: b', 'a #b', '1e3', '0x1f', '.0', '.inf', './x'),
  );
  const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text), fc.dictionary(fc.string(), text));
  fc.assert(
    fc.property(value, (written) => {
      expect(parse(`x: ${flow(written)}`).x).toEqual(written);
    }),
  );
});
