/** The command ended at fifty moments of a run that are seen to come, on each engine, by kill -9, a kill and Ctrl-C twice: the next run holds, and nothing is left. */
import { expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import { type Running, start } from '../cli/command.ts';
import { endWhen, type Lane, lanesOf, leftOf, onEachEngine, type Whole, whole } from '../leavings/kills.ts';
import { inCompose, inProcesses, type Named, said, TooLate, watchDocker } from './moments.ts';

const TIMES = 50;
/** A moment near the run's end may be seen too late: it is aimed at again when its turn comes. */
const TRIES = 3 * TIMES;
const WAYS: NodeJS.Signals[][] = [['SIGKILL'], ['SIGTERM'], ['SIGINT', 'SIGINT']];

await onEachEngine('ended', (place) => {
  test(`${TIMES} times at moments that are seen: the next run holds, and nothing is left`, async () => {
    const { engine } = place;
    const lanes = await lanesOf('aimed', 84, place);
    using docker = engine.name === 'netns' ? undefined : await watchDocker();
    const wholes = await Promise.all(lanes.map(({ args }) => whole(args)));
    const began = performance.now();
    const kills = new Map<string, number>();
    let made = 0;
    let tries = 0;
    const next = () => (made < TIMES && tries < TRIES ? tries++ : undefined);
    await Promise.all(
      lanes.map(async (lane, index) => {
        const moments = [...momentsOn(engine, lane, wholes[index]!), ...(docker?.moments(lane) ?? [])];
        for (let turn = next(); turn !== undefined; turn = next()) {
          const [round, which] = [Math.floor(turn / moments.length), turn % moments.length];
          const moment = moments[which]!;
          const signals = WAYS[(which + round) % WAYS.length]!;
          if (!(await endAndRunAgain(engine, lane, moment, signals))) continue;
          made += 1;
          kills.set(moment.what, (kills.get(moment.what) ?? 0) + 1);
        }
      }),
    );
    const seconds = Math.round((performance.now() - began) / 1000);
    const list = [...kills].map(([what, times]) => `  ${times} ${what}`);
    console.log(
      [`${engine.name}: ended ${made} times of ${tries} tries in ${seconds} s`, ...list].join('\n'),
    );
    expect(made).toBeGreaterThanOrEqual(TIMES);
  }, 3_600_000);
});

/** On namespaces: two hosts, and what joins them. */
const NAMESPACES = 3;

function momentsOn({ name }: Engine, lane: Lane, run: Whole): Named[] {
  if (name === 'netns') return [...said(lane, run), ...inProcesses(NAMESPACES)];
  return name === 'compose' ? [...said(lane, run), ...inCompose(lane)] : said(lane, run);
}

/** False where the moment was seen too late. */
async function endAndRunAgain(
  engine: Engine,
  lane: Lane,
  { what, come }: Named,
  signals: NodeJS.Signals[],
): Promise<boolean> {
  const how = `${signals.join(' and ')} when ${what}`;
  let late = false;
  const moment = async (command: Running) => {
    await come(command).catch((error: unknown) => {
      if (!(error instanceof TooLate)) throw error;
      late = true;
    });
  };
  const { ended, gone } = await endWhen(moment, lane.args, signals);
  // Told once, it takes everything down itself.
  if (ended.exit === 130 && signals.length === 1) expect(await leftOf(engine, [lane]), how).toEqual([]);
  // At once, whatever is still ending.
  const { exit, stdout, stderr } = await start(lane.args).ended;
  await gone();
  expect([exit, await leftOf(engine, [lane])], `${how}\n${stdout}${stderr}`).toEqual([0, []]);
  return !late;
}
