/**
 * Says at the end of a run what was left out and why: parts that need what this machine lacks, and, after a run of
 * all, what takes so long that it has a command of its own.
 */
import type { Reporter, TestModule, Vitest } from 'vitest/node';
import { soakLines } from './soak/list.ts';

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
    const lines = [...lackingLines(parts), ...(modules.length === all.length ? soakLines() : [])];
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
