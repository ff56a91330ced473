/** What the command needs to know of the terminal, and what a terminal can do to the command. */
import { LabError } from '../errors.ts';

/** Colours only on a terminal, and never against NO_COLOR (no-color.org). */
export function coloured(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * A signal that is aborted by Ctrl-C, a kill or a closed terminal, so that what is up is taken down in order. The
 * second Ctrl-C ends the command at once.
 */
export function interruption(): { signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new LabError('interrupted', `interrupted (${name}); what was up has been taken down`));
  };
  for (const name of SIGNALS) process.on(name, stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) process.off(name, stop);
    },
  };
}
