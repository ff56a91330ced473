/** Bytes as a value of a scenario: text, or a map that says how they are made. */
import { byteLength, MOST_BYTES } from '../../model/bytes.ts';
import { reading, readText, show, Wrong } from '../../model/reading.ts';
import type { BytesSpec } from '../../model/types.ts';
import { readSize } from './size.ts';

const FORMS = 'text, or one of { text }, { hex }, { repeat, times }, { random, seed }';

function readHex(input: unknown): BytesSpec | Wrong {
  if (typeof input === 'number')
    return new Wrong(
      'hex is expected, and YAML reads it as a number',
      'put the digits in quotes, without 0x: "00ff10"',
    );
  const text = readText(input, 'hex');
  if (text instanceof Wrong) return text;
  const hex = text.replaceAll(/\s/g, '').toLowerCase();
  if (/[^0-9a-f]/.test(hex))
    return new Wrong(`${show(text)} is not hex`, 'write two digits 0-9a-f a byte: "00ff10"');
  if (hex.length % 2)
    return new Wrong(`hex ${show(text)} has half a byte too much`, 'write two digits a byte');
  return { hex };
}

function readRepeat(repeat: unknown, times: unknown): BytesSpec | Wrong {
  const text = readText(repeat);
  if (text instanceof Wrong) return text;
  if (text === '') return new Wrong('repeat has no text to repeat');
  if (!Number.isSafeInteger(times) || Number(times) < 0) {
    return new Wrong(`times is a whole number, found ${show(times)}`, 'write { repeat: "abc", times: 1000 }');
  }
  return { repeat: text, times: Number(times) };
}

function readRandom(random: unknown, seed: unknown): BytesSpec | Wrong {
  const length = readSize(random);
  if (length instanceof Wrong) return length;
  if (typeof seed !== 'string' && typeof seed !== 'number') {
    return new Wrong(`seed is text, found ${show(seed)}`, 'write { random: 5MB, seed: "a" }');
  }
  return { random: length, seed: String(seed) };
}

function readForm(form: Record<string, unknown>): BytesSpec | Wrong {
  switch (Object.keys(form).sort().join()) {
    case 'text': {
      const text = readText(form.text);
      return text instanceof Wrong ? text : { text };
    }
    case 'hex':
      return readHex(form.hex);
    case 'repeat,times':
      return readRepeat(form.repeat, form.times);
    case 'random,seed':
      return readRandom(form.random, form.seed);
    default: {
      const keys = Object.keys(form).join(', ');
      return new Wrong(
        `no bytes can be made from ${keys ? `{ ${keys} }` : 'an empty map'}`,
        `write ${FORMS}`,
      );
    }
  }
}

export function readBytes(input: unknown): BytesSpec | Wrong {
  const isMap = typeof input === 'object' && input !== null && !Array.isArray(input);
  if (Array.isArray(input)) return new Wrong('text is expected, found a list', `write ${FORMS}`);
  const text = isMap ? undefined : readText(input);
  if (text instanceof Wrong) return text;
  const spec = isMap ? readForm(input as Record<string, unknown>) : { text: text ?? '' };
  if (spec instanceof Wrong || byteLength(spec) <= MOST_BYTES) return spec;
  return new Wrong(`${byteLength(spec)} bytes are too many`, `write at most ${MOST_BYTES} (64MiB)`);
}

export const bytesForms = [
  { type: 'string' },
  { text: { type: 'string' } },
  { hex: { type: 'string' } },
  { repeat: { type: 'string' }, times: { type: 'integer', minimum: 0 } },
  { random: { type: ['string', 'integer'] }, seed: { type: ['string', 'integer'] } },
].map((form) =>
  'type' in form
    ? form
    : { type: 'object', properties: form, required: Object.keys(form), additionalProperties: false },
);

/** Text (sent as UTF-8), or exactly one of {text}, {hex}, {repeat, times}, {random, seed}; at most 64 MiB. */
export const bytes = reading(readBytes, {
  title: 'bytes',
  anyOf: bytesForms,
  description: `Bytes: ${FORMS}.`,
});
