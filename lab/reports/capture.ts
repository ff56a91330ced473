/** The captured frames of all runs of a command: pcapng, a section for each run, with the names of hosts and cards. */
import { capturedFile } from '../captures/file.ts';
import type { RunResult } from './result.ts';

/** A run without a capture has an empty section. */
export function captureReport(runs: readonly RunResult[]): Uint8Array {
  return Buffer.concat(
    runs.map(({ captured = { cards: [], frames: [], losses: [] }, hosts }) => capturedFile(captured, hosts)),
  );
}
