/** Errors that a user can correct, and the places in scenarios that these errors are about. */
import { visible } from './visible.ts';

/** A place in a scenario file. Lines and columns count from 1. */
export interface Where {
  file: string;
  line: number;
  column: number;
}

/**
 * The kind of an error; the command's exit code follows from it (cli/exit-codes.ts). `not-ready`: a program ran and was not
 * ready in time. `machine`: the machine itself does not allow it (file descriptors, an output that is full). `node`: a machine
 * of a lab over several is gone.
 */
export const LAB_ERROR_CODES = [
  'scenario',
  'usage',
  'no-engine',
  'unsupported',
  'engine',
  'image',
  'program',
  'not-ready',
  'agent',
  'machine',
  'node',
  'capture',
  'interrupted',
] as const;
export type LabErrorCode = (typeof LAB_ERROR_CODES)[number];

export interface LabErrorOptions {
  where?: Where | undefined;
  /** How to fix the mistake, in one sentence. */
  hint?: string | undefined;
  cause?: unknown;
}

/** An error that a user can fix. Any other thrown error is a bug. Text of others (programs, engines) is made visible in it. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: LabErrorCode;
  readonly where: Where | undefined;
  readonly hint: string | undefined;

  constructor(code: LabErrorCode, message: string, options: LabErrorOptions = {}) {
    super(visible(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.where = options.where;
    this.hint = options.hint === undefined ? undefined : visible(options.hint);
  }
}

/** A call failed because the machine of its host is gone: a run goes on without that host. */
export function isLost(error: unknown): error is LabError {
  return error instanceof LabError && error.code === 'node';
}

/** A subnet of the lab is already in use on this machine. */
export class SubnetTaken extends LabError {
  /** The id of the lab that has the subnet; undefined where no lab has it. */
  readonly rival: string | undefined;

  constructor(message: string, options: LabErrorOptions & { rival?: string | undefined }) {
    super('engine', message, options);
    this.rival = options.rival;
  }
}
