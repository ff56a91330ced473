/** Bytes in a form that a person can read on one line. */

const LONGEST = 40;
// Control characters except the ones with an escape of their own, and characters that turn the direction of a line.
const UNPRINTABLE = /[^\P{C}\t\r\n]|[\u2028\u2029]/u;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\t', '\\t'],
  ['\r', '\\r'],
  ['\n', '\\n'],
  ['"', '\\"'],
  ['\\', '\\\\'],
]);

/** The bytes as UTF-8; undefined where they are not UTF-8, or have characters that a line cannot show. */
export function printable(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return UNPRINTABLE.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** The text in double quotes, with line ends as `\n`, at most 40 characters. */
export function quote(text: string): string {
  const characters = [...text];
  const shown = characters.slice(0, LONGEST).map((character) => ESCAPES.get(character) ?? character);
  return `"${shown.join('')}${characters.length > LONGEST ? '…' : ''}"`;
}

/** `"hello"`, or `5 bytes` where the bytes are not text. */
export function quoteOrCount(bytes: Uint8Array): string {
  const text = printable(bytes);
  if (text !== undefined) return quote(text);
  return bytes.length === 1 ? '1 byte' : `${bytes.length} bytes`;
}
