/** What in printed text a terminal or a CI runner would do rather than show. Written apart from what the reports use. */

/** Of Unicode's tables: controls, format characters, separators of lines, tags, variation selectors, fillers. */
const HIDDEN: [from: number, to: number][] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xe0000, 0xe0fff],
];

const COLOUR = new RegExp(`${String.fromCharCode(0x1b)}\\[(?:0|1|2|22|3\\d)m`, 'g');

/** Empty where there is none. `coloured`: colours are allowed. Lines are split, and trimmed, as GitHub's runner does. */
export function harm(text: string, coloured = false): string[] {
  const bare = coloured ? text.replaceAll(COLOUR, '') : text;
  const hidden = Array.from(bare, (one) => one.codePointAt(0)!).filter((code) =>
    HIDDEN.some(([from, to]) => code >= from && code <= to),
  );
  const commands = bare.split(/\r\n|\r|\n/).filter((line) => line.trimStart().startsWith('::'));
  const old = [...bare.matchAll(/##[a-z]*\[/gi)].map(([found]) => found);
  return [...hidden.map((code) => `U+${code.toString(16)}`), ...commands, ...old];
}
