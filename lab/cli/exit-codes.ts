/** The command's exit codes: one list, for the command and for docs/reference.md. */
import type { LabErrorCode } from '../errors.ts';

/** The meaning of each code. Besides, `exec` and `shell` end with 128 + n when signal n ended their program. */
export const EXIT_CODES = {
  0: 'all held',
  1: 'something did not hold, or lanlab cannot tell',
  2: 'the scenario or the call is wrong',
  3: 'no engine can run it, or a lab did not come up',
  4: 'a program was not ready in time: `ready: { within: … }` or `--patience`',
  5: 'the machine does not let the command do its work: too few file descriptors, an output that cannot be written',
  70: 'a bug in lanlab',
  130: 'interrupted',
} as const;
export type ExitCode = keyof typeof EXIT_CODES;

/** The exit code for each code of a LabError. */
export const EXIT_OF: Record<LabErrorCode, ExitCode> = {
  scenario: 2,
  usage: 2,
  capture: 2,
  unsupported: 3,
  'no-engine': 3,
  engine: 3,
  image: 3,
  program: 3,
  agent: 3,
  node: 3,
  'not-ready': 4,
  machine: 5,
  interrupted: 130,
};
