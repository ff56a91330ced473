/** Every scenario five times on each engine (LANLAB_REPEATS: runs in all, 100), in a shuffled order, two at once, beside two busy loops: every check holds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import { sideBySide } from '../../lab/engines/side-by-side.ts';
import { unsupportedSteps } from '../../lab/run/unsupported.ts';
import { loadScenarioFile } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { lanlab, ROOT } from '../cli/command.ts';
import { enginesHere } from '../engines-here.ts';
import { describeNeeding } from '../needs.ts';

const RUNS = Number(process.env.LANLAB_REPEATS ?? 100);
/** That of another run makes its order again. */
const SEED = Number(process.env.LANLAB_SEED ?? randomInt(2 ** 31));
const AT_ONCE = 2;
const BUSY_LOOPS = 2;
/** Ends with us, however we end. */
const BUSY = 'const us = process.ppid; while (process.ppid === us) for (let i = 0; i < 1e7; i++);';

const files = readdirSync(join(ROOT, 'scenarios')).filter((name) => name.endsWith('.yaml'));
const scenarios = await Promise.all(
  files.map(async (file) => ({
    file,
    scenario: await loadScenarioFile(join(ROOT, 'scenarios', file), vocabulary),
  })),
);

const busy: ChildProcess[] = [];
beforeAll(() => {
  for (let loop = 0; loop < BUSY_LOOPS; loop++)
    busy.push(spawn('nice', ['-n', '5', process.execPath, '-e', BUSY], { stdio: 'ignore' }));
});
afterAll(() => {
  for (const loop of busy) loop.kill('SIGKILL');
});

for (const { engine, report } of await enginesHere()) {
  const missing = report.lacking && `${report.lacking.why}; ${report.lacking.hint}`;
  describeNeeding(engine.name, missing, `the scenarios on ${engine.name}`, () => {
    test(`hold ${RUNS} times, shuffled, two at once, on a busy machine`, async () => {
      const order = shuffles(possibleOn(engine), RUNS, SEED);
      const began = performance.now();
      const failures: string[] = [];
      await sideBySide(order, AT_ONCE, async (file) => {
        const failed = await failure(engine, file);
        if (failed === undefined) return;
        failures.push(failed);
        console.log(failed);
      });
      const minutes = ((performance.now() - began) / 60_000).toFixed(1);
      console.log(
        `${engine.name}: ${order.length} runs, ${failures.length} failed, ${minutes} minutes, LANLAB_SEED=${SEED}`,
      );
      expect(failures, `LANLAB_SEED=${SEED}`).toEqual([]);
    }, 7_200_000);
  });
}

/** What this engine can never do is refused, which test/every-scenario sees. */
function possibleOn(engine: Engine): string[] {
  return scenarios
    .filter(({ scenario }) => unsupportedSteps(scenario, engine).length === 0)
    .map(({ file }) => file);
}

/** As many as are wanted: all of them in one order, then all in another; the same for the same seed. */
function shuffles(all: readonly string[], wanted: number, seed: number): string[] {
  const random = generator(seed);
  const order: string[] = [];
  while (order.length < wanted) {
    const rest = [...all];
    while (rest.length > 0) order.push(...rest.splice(Math.floor(random() * rest.length), 1));
  }
  return order.slice(0, wanted);
}

/** From 0 to below 1: a linear congruence. */
function generator(seed: number): () => number {
  let state = seed % 2 ** 31;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** Undefined where everything held and nothing was skipped; otherwise all that was said. */
async function failure({ name }: Engine, file: string): Promise<string | undefined> {
  const args = ['run', `scenarios/${file}`, '--engine', name, '--strict', '--on-conflict', 'wait'];
  const { exit, signal, stdout, stderr } = await lanlab(...args);
  const wrong = stdout.split('\n').some((line) => /^\s*[✗-] /.test(line));
  if (exit === 0 && !wrong) return undefined;
  return `${file} on ${name} ended with ${signal ?? exit}:\n${stdout}${stderr}`;
}
