/**
 * An event as its line of JSON (RFC 8259): what `JSON.stringify` makes of it. A busy program says thousands of events a second,
 * and nearly all of them have the same ends and short values, so these are encoded once.
 */

/** By object: an end of a connection stays the same object for as long as the connection is there. */
const ends = new WeakMap<object, string>();
/** Names, each with its quotes and colon, and the words of an event that are the same in many. */
const names = new Map<string, string>();
const words = new Map<string, string>();
/** There are as many as there are in the programs; more are a mistake, and are then encoded each time. */
const KNOWN = 1000;

export function lineOf(event: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const name in event) {
    const value = encodedValue(event[name], name);
    if (value !== undefined) text += `${text === '' ? '{' : ','}${nameOf(name)}${value}`;
  }
  return text === '' ? '{}\n' : `${text}}\n`;
}

/** Undefined for what JSON has no words for. */
function encodedValue(value: unknown, name: string): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : 'null';
  if (name === 'peer' || name === 'local') return endOf(value as object);
  if (typeof value !== 'string') return JSON.stringify(value);
  return name === 'event' || name === 'transport' ? known(words, value, '') : JSON.stringify(value);
}

function endOf(end: object | undefined): string | undefined {
  if (end === undefined) return undefined;
  const found = ends.get(end);
  if (found !== undefined) return found;
  const text = JSON.stringify(end);
  ends.set(end, text);
  return text;
}

function nameOf(name: string): string {
  return known(names, name, ':');
}

function known(these: Map<string, string>, text: string, after: string): string {
  const found = these.get(text);
  if (found !== undefined) return found;
  const encoded = `${JSON.stringify(text)}${after}`;
  if (these.size < KNOWN) these.set(text, encoded);
  return encoded;
}
