/**
 * An event as its line of JSON (RFC 8259): what `JSON.stringify` makes of it. A busy program says thousands of events a second,
 * and nearly all of them have the same ends and short values, so these are encoded once.
 */

/** By object: an end of a connection stays the same object for as long as the connection is there. */
const encoded = new WeakMap<object, string>();
/** By name, each with its quotes and colon. There are as many as there are names in the programs. */
const names = new Map<string, string>();

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
  return JSON.stringify(value);
}

function endOf(end: object | undefined): string | undefined {
  if (end === undefined) return undefined;
  const known = encoded.get(end);
  if (known !== undefined) return known;
  const text = JSON.stringify(end);
  encoded.set(end, text);
  return text;
}

function nameOf(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  const text = `${JSON.stringify(name)}:`;
  names.set(name, text);
  return text;
}
