/** Elements of XML 1.0, written so that a reader gets every text back, except characters that XML cannot carry. */
import { visible } from './printable.ts';

export interface Element {
  name: string;
  /** Attributes that are undefined are left out. */
  attributes: Record<string, string | number | undefined>;
  /** Elements, each on a line of its own, or text without additions. */
  content: readonly Element[] | string;
}

export function element(
  name: string,
  attributes: Element['attributes'],
  content: Element['content'] = [],
): Element {
  return { name, attributes, content };
}

export function xmlDocument(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${print(root, '')}\n`;
}

function print({ name, attributes, content }: Element, indent: string): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeAttribute(String(value))}"`],
  );
  const tag = `${indent}<${name}${written.join('')}`;
  if (content.length === 0) return `${tag}/>`;
  if (typeof content === 'string') return `${tag}>${escapeText(content)}</${name}>`;
  const inside = content.map((child) => print(child, `${indent}  `));
  return `${tag}>\n${inside.join('\n')}\n${indent}</${name}>`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // In an attribute a reader would make spaces of these characters (section 3.3.3).
  '\t': '&#9;',
  '\n': '&#10;',
};

function escapeText(text: string): string {
  return visible(text).replaceAll(/[&<>]/g, (character) => ENTITIES[character]!);
}

function escapeAttribute(text: string): string {
  return visible(text).replaceAll(/[&<>"\t\n]/g, (character) => ENTITIES[character]!);
}
