/**
 * The pages of the documentation site, made from the files of the repository as they stand. A file that a page
 * links to is a page too, or stands beside it, so that no link leads out of the site.
 */
import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path/posix';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['README.md', 'README.zh-CN.md', 'CHANGELOG.md', 'docs/**/*.md'];
const PICTURES = new Set(['.svg', '.png']);

/** A fenced block of code, or the target of a link: `](docs/why.md#anchor)`. */
const FENCE_OR_LINK = /^```.*?^```|\]\(([^)\s#]+)(#[^)\s]*)?\)/gms;

/** What stands at each place of the site: Markdown, or the bytes of a picture. */
export function pagesOfSite(): Map<string, string | Buffer> {
  const pages = new Map<string, string | Buffer>();
  const files = new Set(SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT })));
  // A set hands out what is added to it on the way.
  for (const file of files) {
    const linked = (target: string) => {
      const there = join(dirname(file), target);
      files.add(there);
      return relative(dirname(placeOf(file)), placeOf(there));
    };
    if (pages.has(placeOf(file))) throw new Error(`${file} and another file both stand at ${placeOf(file)}`);
    pages.set(placeOf(file), contentOf(file, linked));
  }
  return pages;
}

/** Where a file of the repository stands on the site: the pages of docs/ at its root, Chinese ones in zh-CN/. */
export function placeOf(file: string): string {
  if (isFolder(file)) return join(file, 'index.md');
  if (PICTURES.has(extname(file))) return file.replace(/^docs\//, '');
  if (extname(file) !== '.md') return `${join(dirname(file), basename(file, extname(file)))}.md`;
  const place = file.replace(/^docs\//, '').replace(/README(?=\.)/, 'index');
  return place.endsWith('.zh-CN.md') ? `zh-CN/${place.replace('.zh-CN.md', '.md')}` : place;
}

function contentOf(file: string, linked: (target: string) => string): string | Buffer {
  if (isFolder(file)) return folderPage(file, linked);
  const path = join(ROOT, file);
  if (PICTURES.has(extname(file))) return readFileSync(path);
  const text = readFileSync(path, 'utf8');
  if (extname(file) !== '.md') return codePage(file, text);
  return text.replace(FENCE_OR_LINK, (all, target?: string, fragment = '') =>
    target === undefined || /^[a-z]+:/.test(target) ? all : `](${linked(target)}${fragment})`,
  );
}

function folderPage(folder: string, linked: (target: string) => string): string {
  const names = readdirSync(join(ROOT, folder)).sort();
  const list = names.map((name) => `- [${name}](${linked(join(relative(dirname(folder), folder), name))})`);
  return `${withoutSearch}# ${folder}\n\n${list.join('\n')}\n`;
}

function codePage(file: string, text: string): string {
  const language = extname(file).slice(1);
  return `${withoutSearch}# ${file}\n\n\`\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\`\n`;
}

/** What is searched is what explains: a page of code has every word of the vocabulary. */
const withoutSearch = '---\nsearch: false\naside: false\n---\n\n';

function isFolder(file: string): boolean {
  return statSync(join(ROOT, file)).isDirectory();
}
