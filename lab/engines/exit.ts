/** The end of a program, from an exit code alone: container engines and shells say 128 + a signal's number. */
import { constants } from 'node:os';
import type { ProgramEnd } from './engine.ts';

export function exitOf(code: number | null): ProgramEnd {
  const number = (code ?? 0) - 128;
  const signal = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return signal ? { exit: null, signal } : { exit: code, signal: null };
}
