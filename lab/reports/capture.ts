/** What was on the wire in the runs of a call: pcapng, a section a run, with the names of hosts and cards. */
import { capturedFile } from '../captures/file.ts';
import type { RunResult } from './result.ts';

/** A run of which nothing was captured has an empty section. */
export function captureReport(runs: readonly RunResult[]): Uint8Array {
  return Buffer.concat(
    runs.map(({ captured = { cards: [], frames: [], losses: [] }, hosts }) => capturedFile(captured, hosts)),
  );
}
