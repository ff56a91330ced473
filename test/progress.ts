/** Says how far a run is where nobody sees it live: vitest's own reporter counts on a terminal alone. */
import type { Reporter, TestModule, TestSpecification } from 'vitest/node';

/** Files between two lines. */
const EVERY = 10;

export default class ProgressReporter implements Reporter {
  #all = 0;
  #done = 0;
  #began = 0;

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#all = specifications.length;
    this.#done = 0;
    this.#began = performance.now();
  }

  onTestModuleEnd(_module: TestModule): void {
    this.#done += 1;
    if (process.stdout.isTTY || this.#done % EVERY !== 0) return;
    console.log(progressLine(this.#done, this.#all, performance.now() - this.#began));
  }
}

/** `took` in milliseconds. */
export function progressLine(done: number, all: number, took: number): string {
  const seconds = Math.round(took / 1000);
  const minutes = Math.floor(seconds / 60);
  return ` — ${done} of ${all} files, ${minutes}:${String(seconds % 60).padStart(2, '0')}`;
}
