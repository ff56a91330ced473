/** Values as one line of YAML: `{ to: "bob:80", send: hello }`. Names become those of a file. */
import { parse } from 'yaml';
import { type Names, SOMEBODY } from '../../wire/lines/hint.ts';

/** A line that is longer than this is no help in a message. */
export const LONGEST_FORM = 90;

/** Text that every reader of YAML reads as the same text without quotes. */
const PLAIN = /^(?!(?:y|yes|n|no|on|off|true|false|null)$)(?:[a-z_/]|\.{1,2}\/)[\w./-]*(?: [\w./-]+)*$/i;

/** A value as a scenario would write it, in one line. */
export function flow(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, inner]) => pair(key, inner));
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  if (typeof value !== 'string') return String(value);
  return PLAIN.test(value) || isNumbers(value) ? value : JSON.stringify(value);
}

/** `key: value` */
export function pair(key: string, value: unknown): string {
  return `${flow(key)}: ${flow(value)}`.trimEnd();
}

/** `2s`, `10.50.1.0/24`: begins with a digit, but no reader of YAML takes it for a number. */
function isNumbers(text: string): boolean {
  return /^\d+(?:\.\d+)?(?:ms|s|m|h)$/.test(text) || /^\d+(?:\.\d+){3}(?:\/\d+)?$/.test(text);
}

/** The value under a word in one of our examples (`ping: { to: echo }`), with a file's own hosts in it. */
export function exampleValue(word: string, example: string, names: Names): unknown {
  let value: unknown = parse(example);
  for (const key of ['expect', 'fault', word]) {
    if (typeof value === 'object' && value !== null && key in value) {
      value = (value as Record<string, unknown>)[key];
      if (key === word) break;
    }
  }
  return named(value, names);
}

/** Hosts of our examples: those that begin a conversation, and those that are spoken to. */
const BEGINS = ['alice'];
const SPOKEN_TO = ['echo', 'bob', 'clock', 'files', 'web', 'bounce'];

/** A value with a file's own hosts and networks in place of those of our examples. */
export function named(value: unknown, names: Names): unknown {
  if (typeof value === 'string') return namedText(value, names);
  if (Array.isArray(value)) return value.map((one) => named(one, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    // A key of one word is a word of ours, such as `files`. A key of several words is a line: `tcp alice > echo`.
    Object.entries(value).map(([key, inner]) => [
      key.includes(' ') ? namedText(key, names) : key,
      named(inner, names),
    ]),
  );
}

function namedText(text: string, { host, other, network, outside }: Names): string {
  return text.replaceAll(/(?<![\w./-])[a-z]+(?![\w/])/g, (word) => {
    if (BEGINS.includes(word)) return host;
    if (SPOKEN_TO.includes(word)) return other;
    if (word === SOMEBODY.outside) return outside;
    return word === SOMEBODY.network ? network : word;
  });
}
