/**
 * The values that every word of a scenario shares, as zod schemas: what YAML gave in, one unit out.
 * Each says in its own words what is wrong and how to mend it; the loader adds the line.
 */
import { z } from 'zod';
import { byteLength, MOST_BYTES } from './bytes.ts';
import type { BytesSpec } from './types.ts';

/** What a reader found wrong: what, and how the author puts it right. */
export class Wrong {
  readonly what: string;
  readonly mend: string | undefined;
  constructor(what: string, mend?: string) {
    this.what = what;
    this.mend = mend;
  }
}

/**
 * A schema from one function that reads a value or says what is wrong. `json` is what JSON Schema shows of it.
 * A value that is missing is reported as such by the loader, before `read` sees it.
 */
export function reading<T>(read: (input: unknown) => T | Wrong, json: Record<string, unknown>): z.ZodType<T> {
  return z
    .unknown()
    .transform((input, context): T => {
      const value = input === undefined ? new Wrong('is missing') : read(input);
      if (!(value instanceof Wrong)) return value;
      const missing = input === undefined;
      context.addIssue({
        code: 'custom',
        message: value.what,
        params: { mend: value.mend, missing },
        input,
      });
      return z.NEVER;
    })
    .meta(json);
}

/** `"abc"`, `12`, `a list`: a value as a message names it. */
export function show(input: unknown): string {
  if (input === null) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a map';
  const text = typeof input === 'string' ? JSON.stringify(input) : String(input);
  return text.length > 60 ? `${text.slice(0, 56)}…${text.endsWith('"') ? '"' : ''}` : text;
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const MOST_MILLISECONDS = 24 * 3_600_000;

function readDuration(input: unknown): number | Wrong {
  if (typeof input === 'number') return new Wrong(`the time ${input} has no unit`, `write ${input}s`);
  const parts = typeof input === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(input) : null;
  if (!parts)
    return new Wrong(`${show(input)} is not a time`, 'write a number and ms, s, m or h: 500ms, 2s, 1m');
  const milliseconds = Math.round(Number(parts[1]) * (UNITS[parts[2]!] ?? 1));
  if (milliseconds > MOST_MILLISECONDS) return new Wrong(`${input} is too long`, 'a time is at most 24h');
  return milliseconds;
}

/** `500ms`, `2s`, `1m`, `1.5s` → milliseconds. */
export const duration = reading(readDuration, {
  type: 'string',
  pattern: '^\\d+(\\.\\d+)?(ms|s|m|h)$',
  description: 'A time with its unit: 500ms, 2s, 1m.',
});

const SIZES: Record<string, number> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

function readSize(input: unknown): number | Wrong {
  const text = typeof input === 'number' ? `${input}B` : input;
  const parts = typeof text === 'string' ? /^(\d+(?:\.\d+)?)([kKMG]i?B|B)$/.exec(text) : null;
  const unit = parts ? SIZES[parts[2]!] : undefined;
  const bytes = parts && unit ? Number(parts[1]) * unit : Number.NaN;
  if (Number.isSafeInteger(bytes)) return bytes;
  return new Wrong(`${show(input)} is not a size`, 'write whole bytes or a unit: 1500, 64KiB, 5MB');
}

/** `5MB` → 5,000,000; `64KiB` → 65,536; a plain number is bytes. */
export const size = reading(readSize, {
  type: ['string', 'integer'],
  pattern: '^\\d+(\\.\\d+)?([kKMG]i?B|B)$',
  minimum: 0,
  description: 'Bytes, or a size with its unit: 1500, 64KiB, 5MB.',
});

const FORMS = 'text, or one of { text }, { hex }, { repeat, times }, { random, seed }';

function readText(input: unknown, expected = 'text'): string | Wrong {
  if (typeof input === 'string') return input;
  const mend = input === null ? 'for no text write ""' : undefined;
  if (typeof input !== 'number' && typeof input !== 'boolean') {
    return new Wrong(`${expected} is expected, found ${show(input)}`, mend);
  }
  const type = typeof input === 'number' ? 'a number' : 'a truth value';
  return new Wrong(
    `${expected} is expected, and YAML reads ${input} as ${type}`,
    `put it in quotes: "${input}"`,
  );
}

function readHex(input: unknown): BytesSpec | Wrong {
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

function readBytes(input: unknown): BytesSpec | Wrong {
  const isMap = typeof input === 'object' && input !== null && !Array.isArray(input);
  const text = isMap ? undefined : readText(input);
  if (text instanceof Wrong) return text;
  const spec = isMap ? readForm(input as Record<string, unknown>) : { text: text ?? '' };
  if (spec instanceof Wrong || byteLength(spec) <= MOST_BYTES) return spec;
  return new Wrong(`${byteLength(spec)} bytes are too many`, `write at most ${MOST_BYTES} (64MiB)`);
}

const FORMS_JSON = [
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
export const bytes = reading(readBytes, { anyOf: FORMS_JSON, description: `Bytes: ${FORMS}.` });

/** 1 to 65535. */
export const port = reading(
  (input) => {
    const number = typeof input === 'string' && /^\d+$/.test(input) ? Number(input) : input;
    if (Number.isInteger(number) && Number(number) >= 1 && Number(number) <= 65535) return Number(number);
    return new Wrong(`${show(input)} is not a port`, 'a port is a whole number from 1 to 65535');
  },
  { type: 'integer', minimum: 1, maximum: 65535, description: 'A port, 1 to 65535.' },
);

/** `host:port` or `address:port`. Whether they exist is checked by the loader (`references`). */
export const endpoint = reading(
  (input) => {
    if (typeof input === 'string' && /^\S+$/.test(input)) return input;
    return new Wrong(`${show(input)} is not an endpoint`, 'write a host and a port in quotes: "echo:9000"');
  },
  { type: 'string', pattern: '^\\S+$', description: 'host:port or address:port, in quotes.' },
);

/** Names of hosts, networks and conversations. */
export const NAME = /^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])$/;

/** Lower-case letters, digits and hyphens, a letter first, 2 to 32 characters. */
export const name = reading(
  (input) => {
    if (typeof input === 'string' && NAME.test(input)) return input;
    return new Wrong(
      `${show(input)} cannot be a name`,
      'a name is 2 to 32 lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen',
    );
  },
  { type: 'string', pattern: NAME.source, description: 'A name: lower-case letters, digits, hyphens.' },
);

/** The expression that a scenario's source stands for: Unicode, `.` takes line ends too. */
export function toRegExp(source: string): RegExp {
  return new RegExp(source, 'su');
}

/** The source of a regular expression (`matches:`), without slashes or flags; make it with toRegExp. */
export const regex = reading(
  (input) => {
    const source = readText(input, 'a regular expression');
    if (source instanceof Wrong) return source;
    try {
      toRegExp(source);
      return source;
    } catch (error) {
      const why = error instanceof Error ? error.message.split(': ').at(-1) : String(error);
      return new Wrong(
        `${show(source)} is not a regular expression: ${why}`,
        'write JavaScript syntax, no slashes',
      );
    }
  },
  { type: 'string', format: 'regex', description: 'The source of a JavaScript regular expression.' },
);

function readWords(input: unknown): string | Wrong {
  const text = readText(input);
  if (text instanceof Wrong) return text;
  return text.trim() === '' ? new Wrong('text is expected, found none') : text.trim();
}

/** Text for readers; what stands around it is trimmed. */
export const words = reading(readWords, { type: 'string', minLength: 1 });

/** Text for readers that fits one line of a report. */
export const title = reading(
  (input) => {
    const text = readWords(input);
    if (text instanceof Wrong || (text.length <= 200 && !/[\r\n]/.test(text))) return text;
    return new Wrong('a name is one line of at most 200 characters', 'the rest can go into a comment');
  },
  { type: 'string', minLength: 1, maxLength: 200 },
);

/** A value that becomes text for a program or the kernel: `8080` and `"8080"` are the same. */
export const scalar = reading(
  (input) => {
    if (typeof input === 'string' || typeof input === 'boolean') return String(input);
    if (typeof input === 'number' && Number.isFinite(input)) return String(input);
    return new Wrong(`one value is expected, found ${show(input)}`, 'for an empty text write ""');
  },
  { type: ['string', 'number', 'boolean'] },
);
