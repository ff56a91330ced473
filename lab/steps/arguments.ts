/** The parts that the arguments of several steps share. */
import type { z } from 'zod';
import type { Endpoint } from '../agent/endpoint.ts';
import { patient } from '../agent/patience.ts';
import type { Family } from '../model/address.ts';
import type { Step } from '../model/types.ts';
import type { StepContext } from '../outcomes/context.ts';
import type { Reference } from '../scenario/vocabulary.ts';

/** Milliseconds after which an action is given up where the step says nothing. */
export const GIVE_UP = 5000;

/**
 * Milliseconds after which a step's action is given up, as patiently as this run is. A step that expects that nothing
 * comes does not wait longer on a slow machine.
 */
export function giveUpAfter(args: { give_up?: number }, step: Step, standard = GIVE_UP): number {
  const limit = args.give_up ?? standard;
  return expectsTimeout(step) ? limit : patient(limit);
}

function expectsTimeout({ expect }: Step): boolean {
  return expect.some(({ kind, value }) => kind === 'fails' && value === 'timeout');
}

/** TCP joins two hosts (RFC 9293 section 3.9.2.3: a SYN to a broadcast address is thrown away). */
export const TWO_ENDS = 'a TCP connection has two ends';

/** A local port, or address and port of the host itself. */
export type Local = number | string;

/** A local address and port as the agent takes it. */
export function localOf(from: Local, context: StepContext, family?: Family): Endpoint | { port: number } {
  return typeof from === 'number' ? { port: from } : context.resolve(from, undefined, family);
}

/**
 * The reference that one key of the arguments is; none where the key is not there, as in arguments of which
 * only a part is sound.
 */
export function reference(
  key: string,
  is: Reference['is'],
  value: unknown,
  { defaultPort, family, single }: Pick<Reference, 'defaultPort' | 'family' | 'single'> = {},
): Reference[] {
  if (typeof value !== 'string') return [];
  return [{ path: [key], is, value, ...(defaultPort !== undefined && { defaultPort }), family, single }];
}

/** A refinement: one of these keys is there, and no other of them. */
export function exactlyOne(keys: readonly string[]) {
  return (value: object, context: z.RefinementCtx): void => {
    const given = keys.filter((key) => key in value && value[key as keyof typeof value] !== undefined);
    if (given.length === 1) return;
    const all = keys.map((key) => `\`${key}\``);
    const list = `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
    const message =
      given.length === 0 ? `one of ${list} is missing` : `${given.join(' and ')} exclude each other`;
    context.addIssue({ code: 'custom', message, params: { hint: `write exactly one of ${list}` } });
  };
}
