/** The rule for names: one for people over UDP and over IRC, so that each can call the other by name. */

/** Letters and digits of any script, and the special characters of a nickname in IRC (RFC 2812 section 2.3.1). */
const NAME = /^[\p{L}\p{M}\p{Nd}_\-[\]\\`^{|}]{1,32}$/u;

export const NAME_LIMIT = 32;
export const NAME_RULE = 'a name is 1 to 32 letters, digits, or any of _ - [ ] \\ ` ^ { | }';

export function isName(text: string): boolean {
  return NAME.test(text);
}

/** The same name for every way to type its accents (Unicode normalization form C). */
export function canonical(name: string): string {
  return name.normalize('NFC');
}

/** Names of people and rooms that differ in small and capital letters alone are one: clients of IRC take them for one. */
export function folded(name: string): string {
  return name.toLowerCase();
}
