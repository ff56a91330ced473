/** Errors that somebody can put right, and the places in scenarios that they are about. */
import { visible } from './visible.ts';

/** A place in a scenario file. Lines and columns count from 1. */
export interface Where {
  file: string;
  line: number;
  column: number;
}

/**
 * What kind of trouble this is; the command's exit code follows from it (cli/exit-codes.ts). `not-ready`: a program that ran
 * and was not ready in time. `machine`: what the machine itself does not allow (file descriptors, an output that is full).
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
  'capture',
  'interrupted',
] as const;
export type LabErrorCode = (typeof LAB_ERROR_CODES)[number];

export interface LabErrorOptions {
  where?: Where | undefined;
  /** How the user puts it right, in one sentence. */
  hint?: string | undefined;
  cause?: unknown;
}

/** Something a user can mend. Whatever else is thrown is a bug. What others wrote (programs, engines) is made visible in it. */
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

/** A subnet of the lab is somebody else's on this machine. */
export class SubnetTaken extends LabError {
  /** The id of the lab that has it; undefined where it is no lab's. */
  readonly rival: string | undefined;

  constructor(message: string, options: LabErrorOptions & { rival?: string | undefined }) {
    super('engine', message, options);
    this.rival = options.rival;
  }
}
