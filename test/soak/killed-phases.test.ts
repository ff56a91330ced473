/** The command killed at the beginning of each phase of a run, as the run itself says them; fifty random moments are in test/soak. */
import { killedAt, type Moment, STEPS, type Whole } from '../leavings/kills.ts';

/** When it has just begun, at each new word of its progress, and after each step: at the last it takes the lab down. */
function eachPhase({ stderr }: Whole): Moment[] {
  const words = new Set(stderr.split('\n').flatMap((line) => /^\S+ (.+)$/.exec(line)?.[1] ?? []));
  return [
    async () => {},
    ...[...words].map(
      (word): Moment =>
        ({ complained }) =>
          complained(word),
    ),
    ...STEPS.map(
      (step): Moment =>
        ({ printed }) =>
          printed(step),
    ),
  ];
}

await killedAt('at each phase of a run', eachPhase);
