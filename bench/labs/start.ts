/**
 * Row: the first thing that somebody types, `npm start`, with its packages in. Beside it stands how much of it are the
 * steps' own fixed waits, which no speed shortens.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lackingEngine, ours, ROOT } from './ours.ts';
import { emptyNode } from './own-commands.ts';
import { inTurn } from './ratios.ts';
import type { Row, Setting } from './row.ts';

/** Milliseconds for which a step listens whether more comes; a step that took less had no such wait. */
const WAITS = [1_000, 200, 50];
/** Seconds. */
const LIMIT = 120;

export const start: Row = {
  name: 'start',
  what: () => '`npm start`, packages in, netns',
  against: () => '`node -e 0`',
  limit: 30,
  sense: 'at most',
  unit: 's',
  docker: false,
  lacking: (setting) => lackingEngine(setting, 'netns'),
  run: async (setting) => {
    const steps: number[][] = [];
    const once = async () => {
      const { seconds, took } = await npmStart(setting);
      steps.push(took);
      return seconds;
    };
    await once();
    await emptyNode(setting);
    const pairs = await inTurn(setting.times ?? 5, once, () => emptyNode(setting));
    const waits = fixedWaits(steps);
    return { pairs, notes: [`the steps' own fixed waits come to ${(waits / 1_000).toFixed(2)} s of it`] };
  },
};

/** Seconds, and the milliseconds that each step took. */
async function npmStart(setting: Setting): Promise<{ seconds: number; took: number[] }> {
  const report = join(setting.folder, 'start.json');
  const argv = ['npm', 'start', '--silent', '--', '--engine', 'netns', '--json', report];
  const { seconds } = await ours(setting, argv, { limit: LIMIT, cwd: ROOT });
  const { runs } = JSON.parse(await readFile(report, 'utf8')) as { runs: { steps: { took: number }[] }[] };
  return { seconds, took: runs[0]!.steps.map(({ took }) => took) };
}

/** Milliseconds: of each step the longest wait that it had in every run, by the least time that it took. */
export function fixedWaits(runs: readonly (readonly number[])[]): number {
  const least = (runs[0] ?? []).map((_, step) => Math.min(...runs.map((run) => run[step] ?? 0)));
  return least.reduce((sum, took) => sum + (WAITS.find((wait) => wait <= took) ?? 0), 0);
}
