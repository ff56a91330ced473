/** The sentences of a page: of its paragraphs and of each entry of its lists. Tables, headings and code are left out. */
import type { Page } from './page.ts';

export function sentencesOf({ prose }: Page): string[] {
  return paragraphsOf(prose).flatMap(sentencesIn);
}

function paragraphsOf(prose: string): string[] {
  const plain = prose.replaceAll(/<!--.*?-->/gs, '').split('\n');
  const paragraphs: string[] = [];
  let open = false;
  for (const line of plain) {
    const isText = line.trim() !== '' && !/^\s*(\||#|---)/.test(line);
    const begins = /^\s*([-*]|\d+\.) /.test(line);
    if (isText && open && !begins) paragraphs.push(`${paragraphs.pop()} ${line.trim()}`);
    else if (isText) paragraphs.push(line.trim().replace(/^([-*]|\d+\.) /, ''));
    open = isText;
  }
  return paragraphs;
}

/** What is code is one word, and a link is its text. */
export function sentencesIn(paragraph: string): string[] {
  const plain = paragraph
    .replaceAll(/!?\[(?:\d+\. )?([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/`[^`]*`/g, 'CODE')
    .replaceAll(/[*_]{1,2}(?=\S)|(?<=\S)[*_]{1,2}/g, '');
  return plain.split(/(?<=[.!?])["”)]*\s+(?=[A-Z"“(¹²]|lanlab\b)/).filter((sentence) => sentence !== '');
}
