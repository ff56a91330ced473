/**
 * What the loader must know of the words a scenario may use. The words themselves live in lab/steps and
 * lab/expectations, a file each; they are handed to the loader, which imports nothing above it.
 */
import type { z } from 'zod';

/** Something in a step's arguments that must exist: checked by the loader before anything starts. */
export interface Reference {
  /** Where in the arguments, for the error's line and column: `['to']`. */
  path: (string | number)[];
  /**
   * `endpoint`: `host:port` or `address:port` (a host or address alone where `defaultPort` is given);
   * `host`: a host's name; `target`: a host's name or an address; `conversation`: a name given by an earlier
   * step's `as`; `claim`: C1…C36, P1…P13, W1…W7.
   */
  is: 'endpoint' | 'host' | 'target' | 'conversation';
  value: string;
  defaultPort?: number;
}

export interface StepWord<Args = unknown> {
  /** The YAML key, the file's name, the heading in the reference. */
  word: string;
  summary: string;
  /** A step as it would be written, for the reference. */
  example: string;
  schema: z.ZodType<Args>;
  /** One entry of `do:`, where the word takes any. */
  action?: z.ZodType;
  references?(args: Args): Reference[];
  /** The name that later steps may use (`as`), and whether it is a listener or a conversation. */
  gives?(args: Args): string | undefined;
}

export interface ExpectationWord<Value = unknown> {
  word: string;
  summary: string;
  example: string;
  schema: z.ZodType<Value>;
  references?(value: Value): Reference[];
}

export interface Vocabulary {
  steps: readonly StepWord<never>[];
  expectations: readonly ExpectationWord<never>[];
}
