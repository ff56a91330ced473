/** Text of others made fit to be read: no character of it can drive a terminal, turn the line around or hide. */

/**
 * Controls but tab and newline (C0, C1, ESC), format characters (marks that turn the direction of writing, zero-width
 * ones, tags), line ends of Unicode, whatever else a terminal does not draw, halves of surrogate pairs, U+FFFE and U+FFFF.
 * XML 1.0 (section 2.2, Char) can carry none of the controls and the last.
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
