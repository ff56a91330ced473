/** Text made fit to print: nothing that drives a terminal, nothing that a format cannot carry, and a bounded width. */

import { visible } from '../visible.ts';

export { visible };

/** Visible, and on one line: what was several is joined by spaces. Other spaces stay, they may be evidence. */
export function oneLine(text: string): string {
  return visible(text)
    .trim()
    .replaceAll(/ *[\t\n]+ */g, ' ');
}

/** At most so many characters; what is cut off leaves a `…`. */
export function cut(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** The same with what is cut off taken from the middle: addresses differ at their ends. */
export function cutMiddle(text: string, most: number): string {
  const characters = Array.from(text);
  if (characters.length <= most) return text;
  const before = most >> 1;
  return `${characters.slice(0, before).join('')}…${characters.slice(before + 1 - most).join('')}`;
}

/** Lines of at most so many characters, broken at spaces; a word that is longer is left whole. */
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

/** A label that takes so many columns, and a text beside it, wrapped. */
export function hanging(label: string, columns: number, text: string, width: number): string[] {
  const lines = wrap(text, width - columns);
  return lines.map((line, index) => (index === 0 ? label : ' '.repeat(columns)) + line);
}

/** `1 step`, `2 steps` */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
