/**
 * Says at the end of a run what was left out and why: parts that need what this machine lacks, and, after a run of
 * all, what takes so long that it has a command of its own.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestModule, Vitest } from 'vitest/node';

export interface LeftOut {
  need: string;
  lacking: string;
}

export default class LeftOutReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const all = (await this.#vitest?.globTestSpecifications()) ?? [];
    const parts = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].flatMap((test) => test.meta().leftOut ?? []),
    );
    const lines = [...lackingLines(parts), ...(modules.length === all.length ? soakLines(soaks()) : [])];
    if (lines.length > 0) console.log(`\n${lines.join('\n')}`);
  }
}

/** One line for each reason, with how many parts it concerns. */
export function lackingLines(parts: readonly LeftOut[]): string[] {
  const reasons = Map.groupBy(parts, ({ lacking }) => lacking);
  const lines = [...reasons].map(([lacking, of]) => {
    const needs = [...new Set(of.map(({ need }) => need))].join(', ');
    return `  ${of.length} ${of.length === 1 ? 'part' : 'parts'} (${needs}): ${lacking}`;
  });
  return lines.length === 0 ? [] : ['Left out, since this machine lacks what it needs:', ...lines];
}

export function soakLines(headers: readonly string[]): string[] {
  return ['Left to `npm run soak`, since it takes many minutes:', ...headers.map((header) => `  ${header}`)];
}

/** What each of the long tests is, as its file says. */
export function soaks(folder = join(import.meta.dirname, 'soak')): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${name.replace('.test.ts', '')}: ${headerOf(readFileSync(join(folder, name), 'utf8'))}`);
}

/** A file's first comment, in one line. */
function headerOf(text: string): string {
  const [, comment = ''] = /^\/\*\*(.*?)\*\//s.exec(text) ?? [];
  return comment.replace(/\n \*/g, ' ').replace(/\s+/g, ' ').trim();
}
