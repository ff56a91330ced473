/** A command run inside the host. */
import { z } from 'zod';
import type { ExecResult } from '../agent/protocol.ts';
import { materialise } from '../model/bytes.ts';
import type { Step } from '../model/types.ts';
import type { Check } from '../outcomes/check.ts';
import type { Answer, Outcome } from '../outcomes/outcome.ts';
import { answerOf, attempt, beginExplained } from '../outcomes/outcome.ts';
import { showBytes } from '../outcomes/show.ts';
import { command } from '../scenario/values/control-characters.ts';
import { bytes, duration } from '../scenario/values/values.ts';
import { variable, variableValue } from '../scenario/values/variables.ts';
import { giveUpAfter } from './arguments.ts';
import type { StepKind } from './step.ts';

/** Milliseconds: a command may well take longer than a packet. */
const GIVE_UP = 10_000;

const argv = z.array(command).min(1);
const line = command.min(1, 'an empty command does nothing');

const long = z.strictObject({
  run: z
    .union([line, argv], {
      error: 'a command is text for sh -c, or a list of a program and its arguments',
    })
    .describe('A line for the shell (sh -c), or a list: a program and its arguments.'),
  stdin: bytes.exactOptional().describe('Bytes for its standard input, which then ends.'),
  env: z.record(variable, variableValue).exactOptional().describe('Environment variables for the command.'),
  give_up: duration
    .exactOptional()
    .describe('How long the command may run before it is ended and the step fails (10s by default).'),
});

type ExecArgs = z.output<typeof long>;

const schema = z.union([
  line.transform((run): ExecArgs => ({ run })),
  argv.transform((run): ExecArgs => ({ run })),
  long,
]);

export const exec: StepKind<ExecArgs> = {
  word: 'exec',
  summary:
    'Runs a command at the host. ' +
    '`receive` looks at its standard output. ' +
    'An exit code other than 0 makes the step fail, unless `fields` says how the command ends.',
  example: 'exec: "getent hosts echo"',
  fields: ['exit', 'signal', 'stdout', 'stderr'],
  schema,

  explain: (args, step) => `${step.at} runs ${shown(args)}`,

  async run(args, step, context) {
    const outcome = beginExplained(this.explain(args, step));
    return attempt(outcome, async () => {
      const result = await context.host.agent.exec({
        argv: typeof args.run === 'string' ? ['sh', '-c', args.run] : args.run,
        giveUp: giveUpAfter(args, step, GIVE_UP),
        ...(args.env && { env: args.env }),
        ...(args.stdin && { stdin: materialise(args.stdin) }),
      });
      outcome.answer = stdoutOf(result);
      outcome.fields = fieldsOf(result);
      outcome.cut = cutOf(result);
      outcome.stderr = stderrOf(result);
      outcome.checks.push(...exitCheck(result, args, step));
    });
  },
};

function shown(args: ExecArgs): string {
  return typeof args.run === 'string' ? args.run : args.run.join(' ');
}

function fieldsOf({ exit, signal, stdout, stderr }: ExecResult) {
  return {
    ...(exit !== null && { exit }),
    ...(signal !== null && { signal }),
    stdout: Buffer.from(stdout).toString(),
    stderr: Buffer.from(stderr).toString(),
  };
}

/** Of more than the agent keeps there is the head, and how much it was. */
function stdoutOf({ stdout, said }: ExecResult): Answer {
  const head = answerOf(stdout);
  return said.stdout > head.bytes ? { ...head, bytes: said.stdout, sha256: undefined } : head;
}

function cutOf({ stdout, stderr, said }: ExecResult): NonNullable<Outcome['cut']> {
  return {
    ...(said.stdout > stdout.length && { stdout: { bytes: said.stdout } }),
    ...(said.stderr > stderr.length && { stderr: { bytes: said.stderr } }),
  };
}

/** All of it, as far as the agent keeps it. */
function stderrOf({ stderr, said }: ExecResult): string {
  const rest = said.stderr - stderr.length;
  return `${Buffer.from(stderr)}${rest > 0 ? `\n(${rest} more bytes are not kept)` : ''}`;
}

/** A command must succeed, unless the step itself says how it ends. */
function exitCheck(result: ExecResult, args: ExecArgs, step: Step): Check[] {
  const said = step.expect.some(
    ({ kind, value }) => kind === 'fields' && ['exit', 'signal'].some((key) => key in (value as object)),
  );
  if (result.exit === 0 || said) return [];
  const found = result.exit === null ? `ended by ${result.signal}` : `exit ${result.exit}`;
  const silent = result.stderr.length === 0 ? 'stderr: nothing; ' : '';
  const why = `${silent}stdout: ${showBytes(result.stdout)}`;
  return [{ kind: 'action', what: `ran ${shown(args)}`, held: false, expected: 'exit 0', found, why }];
}
