/** A command run at a host, for a test. */
import { patient } from '../agent/patience.ts';
import type { AgentCalls } from '../agent/protocol.ts';
import { bytesOf, type Patience } from './waiting.ts';

/** Milliseconds: a command may well take longer than a packet. */
const GIVE_UP = 10_000;

export interface CommandOptions extends Patience {
  stdin?: string | Uint8Array;
  env?: Record<string, string>;
}

/** The end of a command, and its output. */
export interface Command {
  /** null where a signal ended it. */
  exit: number | null;
  signal: string | null;
  /** As UTF-8. */
  stdout: string;
  stderr: string;
  /** The bytes of standard output. */
  output: Buffer;
  /** True where output beyond 1 MiB a stream was dropped. */
  truncated: boolean;
  /** Bytes of each stream, with those that were dropped. */
  said: { stdout: number; stderr: number };
}

export async function runCommand(
  agent: AgentCalls,
  command: string | readonly string[],
  { stdin, env, giveUp = GIVE_UP }: CommandOptions,
): Promise<Command> {
  const { stdout, stderr, ...ended } = await agent.exec({
    argv: typeof command === 'string' ? ['sh', '-c', command] : [...command],
    giveUp: patient(giveUp),
    ...(env && { env }),
    ...(stdin !== undefined && { stdin: bytesOf(stdin) }),
  });
  const output = Buffer.from(stdout);
  return { ...ended, stdout: output.toString(), stderr: Buffer.from(stderr).toString(), output };
}
