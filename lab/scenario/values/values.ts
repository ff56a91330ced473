/**
 * The values that every word of a scenario shares, as zod schemas: they take what YAML gives, and return one unit. Each says
 * in its own words what is wrong and how to fix it; the loader adds the line.
 */
import { z } from 'zod';
import { FAMILIES } from '../../model/address.ts';
import { reading, readText, show, Wrong } from '../../model/reading.ts';
import { controlIn } from './control-characters.ts';

export { bytes } from './bytes-value.ts';
export { size } from './size.ts';

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const MOST_MILLISECONDS = 24 * 3_600_000;

function readDuration(input: unknown): number | Wrong {
  if (typeof input === 'number') return new Wrong(`the time ${input} has no unit`, `write ${input}s`);
  const parts = typeof input === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(input) : null;
  if (!parts) {
    const near = timeNear(input);
    const forms = 'write a number and ms, s, m or h: 500ms, 2s, 1m';
    return new Wrong(`${show(input)} is not a time`, near ? `write ${near}` : forms);
  }
  const milliseconds = Math.round(Number(parts[1]) * (UNITS[parts[2]!] ?? 1));
  if (milliseconds > MOST_MILLISECONDS) return new Wrong(`${input} is too long`, 'a time is at most 24h');
  return milliseconds;
}

const UNIT_WORDS: Readonly<Record<string, RegExp>> = {
  ms: /^(?:ms|msecs?|milliseconds?)$/i,
  s: /^(?:s|secs?|seconds?)$/i,
  m: /^(?:m|mins?|minutes?)$/i,
  h: /^(?:h|hrs?|hours?)$/i,
};

/** `3 seconds` as it is written here; undefined where it is not a time in any words. */
function timeNear(input: unknown): string | undefined {
  const text = typeof input === 'string' ? input.trim() : '';
  const [, number, word = 's'] = /^(\d+(?:\.\d+)?)\s*([a-z]+)?$/i.exec(text) ?? [];
  const unit = Object.entries(UNIT_WORDS).find(([, pattern]) => pattern.test(word))?.[0];
  return number && unit && `${number}${unit}`;
}

/** `500ms`, `2s`, `1m`, `1.5s` → milliseconds. */
export const duration = reading(readDuration, {
  title: 'time',
  type: 'string',
  pattern: '^\\d+(\\.\\d+)?(ms|s|m|h)$',
  description: 'A time with its unit: 500ms, 2s, 1m.',
});

/** 1 to 65535. */
export const port = reading(
  (input) => {
    const number = typeof input === 'string' && /^\d+$/.test(input) ? Number(input) : input;
    if (Number.isInteger(number) && Number(number) >= 1 && Number(number) <= 65535) return Number(number);
    return new Wrong(`${show(input)} is not a port`, 'a port is a whole number from 1 to 65535');
  },
  { title: 'port', type: 'integer', minimum: 1, maximum: 65535, description: 'A port, 1 to 65535.' },
);

function ofUrl(url: string): string {
  const host = /:\/\/([^/:]*)/.exec(url)?.[1] ?? '';
  return `write ${host}, or "${host}:80" where a port is needed`;
}

/** `host:port` or `address:port`. Whether they exist is checked by the loader (`references`). */
export const endpoint = reading(
  (input) => {
    if (
      typeof input === 'string' &&
      /^\S+$/.test(input) &&
      !/:\/\//.test(input) &&
      controlIn(input) === undefined
    )
      return input;
    if (Array.isArray(input))
      return new Wrong(
        'one end is expected, found a list',
        `write one of them, and a step for each of the others`,
      );
    const [, who, number] = typeof input === 'string' ? (/^(\S+)\s+(\d+)$/.exec(input) ?? []) : [];
    if (who !== undefined) return new Wrong(`${show(input)} is not an endpoint`, `write "${who}:${number}"`);
    if (typeof input === 'string' && input.includes('://'))
      return new Wrong(`${show(input)} is a URL, and a host stands here`, ofUrl(input));
    return new Wrong(
      `${show(input)} is not an endpoint`,
      ({ other }) => `write a host and a port in quotes: "${other}:9000"`,
    );
  },
  {
    title: 'endpoint',
    type: 'string',
    pattern: '^\\S+$',
    description: 'host:port or address:port, in quotes; [address]:port for IPv6.',
  },
);

/** The IP family: it decides which of a name's addresses is used. */
export const family = z
  .enum(FAMILIES)
  .describe('The family of the address that a name stands for. By default the first family of the network.');

/** Names of hosts, networks and conversations. */
export const NAME = /^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])$/;

/** `My Lab` as a name: `my-lab`; undefined where too little is left of it. */
export function nameNear(input: unknown): string | undefined {
  if (typeof input !== 'string') return undefined;
  const found = input
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '');
  return NAME.test(found) ? found : undefined;
}

/** Lower-case letters, digits and hyphens, a letter first, 2 to 32 characters. */
export const name = reading(
  (input) => {
    if (typeof input === 'string' && NAME.test(input)) return input;
    const shape =
      'a name is 2 to 32 lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen';
    const near = nameNear(input);
    return new Wrong(`${show(input)} cannot be a name`, near ? `write ${near}: ${shape}` : shape);
  },
  {
    title: 'name',
    type: 'string',
    pattern: NAME.source,
    description: 'A name: lower-case letters, digits, hyphens.',
  },
);

/**
 * The expression for a scenario's source: Unicode, and `.` matches line ends too. A finished expression stays, without its
 * state.
 */
export function toRegExp(source: string | RegExp): RegExp {
  if (typeof source === 'string') return new RegExp(source, 'su');
  return new RegExp(source.source, source.flags.replace(/[gy]/g, ''));
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
  {
    title: 'pattern',
    type: 'string',
    format: 'regex',
    description: 'The source of a JavaScript regular expression.',
  },
);

function readWords(input: unknown): string | Wrong {
  const text = readText(input);
  if (text instanceof Wrong) return text;
  return text.trim() === '' ? new Wrong('text is expected, found none') : text.trim();
}

/** Text for readers, without the spaces around it. */
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
  { title: 'value', type: ['string', 'number', 'boolean'] },
);
