/** A page of the documentation, taken apart: headings, code blocks, links, and the chapters of a tutorial. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { anchor } from '../../site/anchor.ts';
import { ROOT } from '../cli/command.ts';

export interface Block {
  /** What stands behind the opening fence: `console`, `diff`, `yaml`, or nothing. */
  language: string;
  lines: string[];
}

export interface Page {
  path: string;
  headings: { level: number; title: string }[];
  blocks: Block[];
  /** Everything but the code blocks. */
  prose: string;
}

/** A heading `## 5. Title` and what follows it, to the next heading of its level. */
export interface Chapter extends Page {
  number: number;
}

const FENCE = /^```(\w*)$/;

export function readPage(path: string): Page {
  return takeApart(path, readFileSync(join(ROOT, path), 'utf8').split('\n'));
}

export function takeApart(path: string, lines: string[]): Page {
  const page: Page = { path, headings: [], blocks: [], prose: '' };
  let open: Block | undefined;
  for (const line of lines) {
    const fence = FENCE.exec(line);
    if (open) {
      if (fence) open = undefined;
      else open.lines.push(line);
      continue;
    }
    if (fence) {
      open = { language: fence[1]!, lines: [] };
      page.blocks.push(open);
      continue;
    }
    page.prose += `${line}\n`;
    const heading = /^(#+) (.*)$/.exec(line);
    if (heading) page.headings.push({ level: heading[1]!.length, title: heading[2]! });
  }
  if (open) throw new Error(`${path}: a code block is not closed`);
  return page;
}

/** The numbered chapters, in the order of the page. */
export function readChapters(path: string): Chapter[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return text.split(/^(?=## )/m).flatMap((part) => {
    const number = /^## (\d+)\. /.exec(part)?.[1];
    return number === undefined ? [] : [{ number: Number(number), ...takeApart(path, part.split('\n')) }];
  });
}

/** The page cut at its headings, whatever their level; what stands before the first one is left out. */
export function sections(path: string): (Page & { title: string })[] {
  const parts = readFileSync(join(ROOT, path), 'utf8').split(/^(?=#+ )/m);
  return parts.flatMap((part) => {
    const title = /^#+ (.*)/.exec(part)?.[1];
    return title === undefined ? [] : [{ title, ...takeApart(path, part.split('\n')) }];
  });
}

/** What a reader is to type: the lines of console blocks that begin with a prompt. */
export function commands({ blocks }: Page): string[] {
  return blocks.flatMap(typed);
}

function typed({ language, lines }: Block): string[] {
  if (language !== 'console') return [];
  return lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2));
}

/** Each command of a console block with what is quoted as its output; lines above the first have the command ''. */
export function exchanges({ blocks }: Page): { command: string; output: string[] }[] {
  return blocks
    .filter(({ language }) => language === 'console')
    .flatMap(({ lines }) => {
      const found = [{ command: '', output: [] as string[] }];
      for (const line of lines) {
        if (line.startsWith('$ ')) found.push({ command: line.slice(2), output: [] });
        else found.at(-1)!.output.push(line);
      }
      return found.filter(({ command, output }) => command !== '' || output.length > 0);
    });
}

/** Commands of lanlab that the text names in passing, perhaps without their arguments. */
export function named({ prose }: Page): string[] {
  return [...prose.matchAll(/`((?:bin\/)?lanlab [a-z][^`]*)`/g)].map(([, command]) => command!);
}

/** Targets inside the project, without their anchors. */
export function links({ prose }: Page): string[] {
  const targets = [...prose.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target!);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** Where each heading is; a second one of the same words has a number behind it. */
export function anchorsOf({ headings }: Page): string[] {
  const seen = new Map<string, number>();
  return headings.map(({ title }) => {
    const plain = anchor(title.replaceAll(/[`*]/g, ''));
    const before = seen.get(plain) ?? 0;
    seen.set(plain, before + 1);
    return before === 0 ? plain : `${plain}-${before}`;
  });
}

/** The cells of the first table under a heading (of the first whose head begins with `column`), row by row, without the head. */
export function rowsUnder({ prose }: Page, heading: string, column = ''): string[][] {
  const lines = prose.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  const first = lines.findIndex((line, at) => at > start && line.startsWith(`| ${column}`.trimEnd()));
  const end = lines.findIndex((line, at) => at > first && !line.startsWith('|'));
  return lines.slice(first + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** Claims that the text names, sorted as the list of claims has them. */
export function claims({ prose }: Page): string[] {
  const named = new Set(prose.match(/(?<![\w-])[CPW]\d+(?!\w)/g));
  return [...named].sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}
