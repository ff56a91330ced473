/** Facts about the terminal, and the events by which a terminal ends the command. */
import { LabError } from '../errors.ts';

/** Colours only on a terminal, and never against NO_COLOR (no-color.org). */
export function coloured(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * A signal that is aborted by Ctrl-C, a kill or a closed terminal, so that the lab is taken down in order. The
 * second Ctrl-C ends the command at once.
 */
export function interruption(): { signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) endAtOnce();
    controller.abort(new LabError('interrupted', `interrupted (${name}); the lab has been taken down`));
  };
  for (const name of SIGNALS) process.on(name, stop);
  // `lanlab run … | head`: nobody reads on, so the only work left is to take the lab down. A disk may be full, too.
  const unread = (error: NodeJS.ErrnoException) =>
    controller.abort(
      error.code === 'EPIPE'
        ? new LabError('interrupted', 'nobody reads the output; the lab has been taken down')
        : cannotPrint(error),
    );
  process.stdout.on('error', unread);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) process.off(name, stop);
      process.stdout.off('error', unread);
    },
  };
}

/** The error where standard output fails though somebody reads it: `/dev/full`, a full disk, a terminal that is gone. */
export function cannotPrint({ code, message }: NodeJS.ErrnoException): LabError {
  const why = code === 'ENOSPC' ? 'there is no room left where it goes' : message;
  return new LabError('machine', `standard output cannot be written: ${why}`, {
    hint: 'let it go to where there is room, and run it again',
  });
}

function endAtOnce(): never {
  process.stderr.write('lanlab: ended at once; the next command, or lanlab down, removes the rest\n');
  process.exit(130);
}
