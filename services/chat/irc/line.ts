/** A line of IRC in its bytes, and a line as what it asks for (RFC 2812 section 2.3). Pure: knows no people. */

/** Bytes of a line, with its CR and LF. */
export const LINE_LIMIT = 512;
/** Bytes of a line without them. */
export const MESSAGE_LIMIT = LINE_LIMIT - 2;
/** Parameters of a message. The fifteenth is all that is behind the fourteenth, with its spaces. */
const PARAMETERS = 15;

export interface Message {
  /** In capitals. */
  readonly command: string;
  readonly params: readonly string[];
}

/** The bytes of a line, which is cut where it is too long. */
export function lineOf(message: string): Buffer {
  const line = Buffer.from(`${message}\r\n`);
  if (line.length <= LINE_LIMIT) return line;
  let end = MESSAGE_LIMIT;
  while (((line[end] as number) & 0xc0) === 0x80) end -= 1;
  return Buffer.concat([line.subarray(0, end), Buffer.from('\r\n')]);
}

/** Undefined where there is no command: such a line is silently ignored (RFC 2812 section 2.3.1). */
export function parseMessage(line: string): Message | undefined {
  let rest = line.replace(/^ +/, '');
  // Only another server may say for whom it speaks.
  if (rest.startsWith(':')) rest = behindWord(rest);
  const command = word(rest).toUpperCase();
  return command === '' ? undefined : { command, params: parameters(behindWord(rest)) };
}

function parameters(text: string): string[] {
  const found: string[] = [];
  let rest = text;
  while (rest !== '') {
    if (rest.startsWith(':')) return [...found, rest.slice(1)];
    if (found.length === PARAMETERS - 1) return [...found, rest];
    found.push(word(rest));
    rest = behindWord(rest);
  }
  return found;
}

function word(text: string): string {
  const end = text.indexOf(' ');
  return end < 0 ? text : text.slice(0, end);
}

function behindWord(text: string): string {
  return text.slice(word(text).length).replace(/^ +/, '');
}
