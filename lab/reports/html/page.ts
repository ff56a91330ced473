/**
 * Pages that need no other file: style, script and frames are inside. The policy in their head lets them load nothing
 * and run nothing else (Content Security Policy Level 3, W3C).
 */
import { createHash } from 'node:crypto';
import { all, type Content, type Markup, tag } from '../markup.ts';
import { oneLine } from '../printable.ts';
import type { PackedFrames } from './frames.ts';
import { sizeRules } from './ladder.ts';
import { PAGE_SCRIPT } from './script.ts';
import { PAGE_STYLE } from './style.ts';

/** An icon of its own keeps browsers from asking a server for one. */
export function htmlPage(title: string, frames: PackedFrames, ...content: Content[]): string {
  const main = tag('main', {}, ...content);
  const style = `${PAGE_STYLE}\n${sizeRules(main.markup)}`;
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(PAGE_SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const head = tag(
    'head',
    {},
    tag('meta', { charset: 'utf-8' }),
    tag('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    tag('meta', { name: 'viewport', content: 'width=device-width,initial-scale=1' }),
    tag('meta', { name: 'color-scheme', content: 'light dark' }),
    tag('title', {}, oneLine(title)),
    raw('style', {}, style),
  );
  const body = tag('body', {}, main, data(frames), raw('script', {}, PAGE_SCRIPT));
  return `<!doctype html>\n${tag('html', { lang: 'en' }, head, body).markup}\n`;
}

/** The packed frames. As Base64 they have no characters that could end the element. */
function data(frames: PackedFrames): Markup {
  return frames.count === 0 ? all() : raw('script', { type: 'text/plain', id: 'frames' }, frames.packed());
}

/** An element whose text is lanlab's own, and must not be escaped. */
function raw(name: 'style' | 'script', attributes: Record<string, string>, text: string): Markup {
  return tag(name, attributes, { markup: text });
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
