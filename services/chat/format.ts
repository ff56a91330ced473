/** The control characters that clients of IRC write for bold, colours and questions: which may pass, and a text without them. */

/** Begins and ends a question from client to client, and an action: `/me waves`. */
const QUESTION = '\x01';
/** Questions, bold, colours, plain, monospace, reverse, italics, strikethrough, underline; and the tab. */
const KNOWN = new Set(`\t${QUESTION}\x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f`);
const [COLOUR, HEX_COLOUR] = ['\x03', '\x04'];
const COLOURS = new RegExp(`${COLOUR}(\\d{1,2}(,\\d{1,2})?)?|${HEX_COLOUR}[\\da-fA-F]{0,6}`, 'g');
/** Line ends too: with them one person could write another's line. */
const CONTROL = /[\p{Cc}\u2028\u2029]/gu;

/** Whether no control characters are in the text but those that clients know. */
export function isHarmless(text: string): boolean {
  for (const [found] of text.matchAll(CONTROL)) if (!KNOWN.has(found)) return false;
  return true;
}

/** A text for people who see it as it is; an action as `* waves`. Undefined where it says nothing to a person. */
export function plain(text: string): string | undefined {
  const shown = text.startsWith(QUESTION) ? action(text) : text;
  const found = shown?.replace(COLOURS, '').replace(CONTROL, (found) => (found === '\t' ? found : ''));
  return found?.trim() === '' ? undefined : found;
}

function action(text: string): string | undefined {
  const [word, ...rest] = text.replaceAll(QUESTION, '').split(' ');
  return word === 'ACTION' ? `* ${rest.join(' ')}` : undefined;
}
