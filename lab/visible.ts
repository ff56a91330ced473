/** Text of others made fit to be read: no character of it can drive a terminal, turn the line around or hide. */

/**
 * Controls except tab and newline (C0, C1, ESC), and format characters (marks that turn the direction of writing,
 * zero-width ones, tags). Line ends of Unicode, all else that a terminal does not draw, halves of surrogate pairs, U+FFFE
 * and U+FFFF. XML 1.0 (section 2.2, Char) forbids many of them: controls of C0, and the last three.
 */
export const UNPRINTABLE =
  /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufffe\uffff]--[\t\n]]/gv;

/** Writes what does not print as `\x1b`, `\u2028` or `\u{e0041}`. Keeps tabs and newlines. */
export function visible(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    if (code.length > 4) return `\\u{${code}}`;
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  });
}
