/** Progress on standard error, so that standard output holds the report and nothing else. */
import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import { oneLine } from '../reports/printable.ts';
import { shownOn } from './say.ts';

export interface Progress {
  /** Shows a line about the work that is under way. */
  say(line: string): void;
  /** Ends the progress. Resolves when the terminal is free for the report. */
  done(how: 'well' | 'badly'): Promise<void>;
}

/** A spinner on a terminal, plain lines elsewhere. */
export function startProgress(title: string): Progress {
  const over = Promise.withResolvers<void>();
  let say: (line: string) => void = () => {};
  const tasks = new Listr(
    [
      {
        title: shownOn(process.stderr, oneLine(title)),
        task: async (_, task) => {
          say = (line) => {
            task.output = shownOn(process.stderr, oneLine(line));
          };
          await over.promise;
        },
      },
    ],
    { ...renderers(), registerSignalListeners: false },
  );
  const finished = tasks.run().catch(() => {}); // The code that waits for the work tells the error.
  return {
    say: (line) => say(line),
    done: async (how) => {
      if (how === 'well') over.resolve();
      else over.reject(new Error('see below'));
      await finished;
    },
  };
}

function renderers() {
  const processOutput = new ProcessOutput(process.stderr, process.stderr, { leaveEmptyLine: false });
  const logger = () => new ListrLogger<never>({ processOutput });
  return {
    renderer: 'default',
    rendererOptions: { processOutput, logger: logger() },
    fallbackRenderer: 'simple',
    fallbackRendererOptions: { processOutput, logger: logger() },
    fallbackRendererCondition: () => process.stderr.isTTY !== true,
  } as const;
}
