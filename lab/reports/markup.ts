/** HTML and SVG, written so that a text can never become markup. */
import { visible } from './printable.ts';

/** Markup, which only `tag` makes. It goes into other markup as it is; a string is escaped there. */
export interface Markup {
  readonly markup: string;
}

export type Content = Markup | string | number | undefined | readonly Content[];

/** Elements that have no content, in HTML and in SVG. */
const EMPTY = new Set(['meta', 'br', 'path', 'line', 'rect', 'circle']);

/**
 * An element. Attributes that are undefined or false are left out, those that are true have no value. Content that
 * is not Markup is escaped, and unprintable characters are written as `\x1b`.
 */
export function tag(
  name: string,
  attributes: Record<string, string | number | boolean | undefined>,
  ...content: Content[]
): Markup {
  const written = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined || value === false) return [];
    return value === true ? [` ${key}=""`] : [` ${key}="${escapeText(String(value))}"`];
  });
  const open = `<${name}${written.join('')}`;
  if (EMPTY.has(name)) return { markup: `${open}/>` };
  return { markup: `${open}>${content.map(print).join('')}</${name}>` };
}

/** Several contents as one. */
export function all(...content: Content[]): Markup {
  return { markup: content.map(print).join('') };
}

function print(content: Content): string {
  if (content === undefined) return '';
  if (typeof content === 'string') return escapeText(content);
  if (typeof content === 'number') return String(content);
  return 'markup' in content ? content.markup : content.map(print).join('');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeText(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}
