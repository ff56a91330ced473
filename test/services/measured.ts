/** A program in a process of its own, which tells how much memory it keeps. */
import { vi } from 'vitest';
import { type Program, startProgram } from './program.ts';

/** At a signal the process collects, and tells what is left as a line like its events. */
const TELLS = `process.on('SIGUSR2', () => { gc(); const { heapUsed, external } = process.memoryUsage();
  console.log(JSON.stringify({ event: 'memory', bytes: heapUsed + external })); })`;

export interface Measured {
  readonly program: Program;
  /** Bytes that the program keeps: those that are left when all that nobody needs is collected. */
  memory(): Promise<number>;
}

export function measured(name: string, env: Record<string, string>): Measured {
  const NODE_OPTIONS = `--expose-gc --import data:text/javascript,${encodeURIComponent(TELLS)}`;
  const program = startProgram(name, { NODE_OPTIONS, ...env });
  return {
    program,
    async memory() {
      const before = program.events.matching({ event: 'memory' }).length;
      program.process.kill('SIGUSR2');
      const told = () => program.events.matching({ event: 'memory' })[before]?.bytes as number | undefined;
      return vi.waitFor(() => told() ?? Promise.reject(new Error('not told yet')), { timeout: 30_000 });
    },
  };
}
