/** Says how far a run is where nobody sees it live: vitest's own reporter counts on a terminal alone. */
import type { Reporter, TestSpecification } from 'vitest/node';

/** Milliseconds between two lines. */
const EVERY = 30_000;

export default class ProgressReporter implements Reporter {
  #done = 0;
  #timer: NodeJS.Timeout | undefined;

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    if (process.stdout.isTTY) return;
    const began = performance.now();
    this.#done = 0;
    const say = () => console.log(progressLine(this.#done, specifications.length, performance.now() - began));
    this.#timer = setInterval(say, EVERY).unref();
  }

  onTestModuleEnd(): void {
    this.#done += 1;
  }

  onTestRunEnd(): void {
    clearInterval(this.#timer);
  }
}

/** `took` in milliseconds. */
export function progressLine(done: number, all: number, took: number): string {
  const seconds = Math.round(took / 1000);
  const minutes = Math.floor(seconds / 60);
  return ` — ${done} of ${all} files, ${minutes}:${String(seconds % 60).padStart(2, '0')}`;
}
