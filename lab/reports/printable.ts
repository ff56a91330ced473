/** Text made fit to print: without control characters, without characters that a format cannot carry, of bounded width. */

import { visible } from '../visible.ts';

export { visible };

/** Visible, and on one line: several lines are joined by spaces. Other spaces stay, as they may be evidence. */
export function oneLine(text: string): string {
  return visible(text)
    .trim()
    .replaceAll(/ *[\t\n]+ */g, ' ');
}

/** At most so many characters; a `…` stands for the rest. */
export function cut(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** The same, cut in the middle: addresses differ at their ends. */
export function cutMiddle(text: string, most: number): string {
  const characters = Array.from(text);
  if (characters.length <= most) return text;
  const before = most >> 1;
  return `${characters.slice(0, before).join('')}…${characters.slice(before + 1 - most).join('')}`;
}

/** Lines of at most so many characters, broken at spaces; a longer word is left whole. */
export function wrap(text: string, most: number): string[] {
  return visible(text)
    .split('\n')
    .flatMap((line) => {
      const lines: string[] = [];
      let current = '';
      for (const word of line.split(' ')) {
        const longer = current === '' ? word : `${current} ${word}`;
        if (current !== '' && longer.length > most) {
          lines.push(current);
          current = word;
        } else current = longer;
      }
      return [...lines, current];
    });
}

/** A label of so many columns, and a wrapped text beside it. */
export function hanging(label: string, columns: number, text: string, width: number): string[] {
  const lines = wrap(text, width - columns);
  return lines.map((line, index) => (index === 0 ? label : ' '.repeat(columns)) + line);
}

/** `1 step`, `2 steps` */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
