/** The messages of the lab's own programs over UDP: commands of the chat, formats of the time. */
import { printable, quote } from './text.ts';

const CHAT_COMMAND = /^\/(login|to|who|quit|help)\b/;
/** A message of the relay: its own words, or those of a person with the person's endpoint. */
const CHAT_RELAYED = /^(relay|[\p{L}\p{N}_-]{1,32} \(\S+:\d+\)( to you)?): /u;
const TIME_FORMAT = /%[-_0]?[A-Za-z%:]/;

/** `chat "/login alice"`, `time format "%H:%M"`; undefined for any other text. */
export function describeProgram(bytes: Uint8Array, isToPort: boolean): string | undefined {
  const text = printable(bytes);
  if (text === undefined) return undefined;
  if (isToPort ? CHAT_COMMAND.test(text) : CHAT_RELAYED.test(text)) return `chat ${quote(text)}`;
  return isToPort && TIME_FORMAT.test(text) ? `time format ${quote(text)}` : undefined;
}
