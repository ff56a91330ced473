/** The captured frames of all runs of a command: pcapng, a section for each run, with the names of hosts and cards. */
import { capturedFile } from '../captures/file.ts';
import type { RunResult } from './result.ts';

/** A run without a capture has an empty section. The keys of TLS are left out, unless they are asked for. */
export function captureReport(runs: readonly RunResult[], withKeys = false): Uint8Array {
  return Buffer.concat(
    runs.map(({ captured = { cards: [], frames: [], losses: [] }, hosts }) => {
      const { keys, ...rest } = captured;
      return capturedFile({ ...rest, ...(withKeys && keys && { keys }) }, hosts);
    }),
  );
}
