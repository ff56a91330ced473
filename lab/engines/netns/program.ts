/** A host's program: joins the host's namespaces, without a single capability. */

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { LabError } from '../../errors.ts';
import type { PlannedHost } from '../../scenario/planned.ts';
import type { Program } from '../../scenario/types.ts';
import type { ProgramOutput, RunningProgram } from '../engine.ts';
import { exitOf } from '../exit.ts';
import { eachLine } from '../lines.ts';
import { ENVIRONMENT, type Holder, inside } from './namespace.ts';
import { readableByAnyone, servicePath } from './paths.ts';

/** Where the process that owns a host's namespaces is noted, inside the lab's own. */
export function ownerFile(host: string): string {
  return `/run/lanlab/${host}.owner`;
}

/**
 * A command for the lab's own namespaces that runs another inside a host's. They are entered by their owner: a
 * mount namespace cannot always be bound to a file (since Linux 6.18 its number need not be above its parent's).
 */
function onHost(host: string, argv: string[]): string[] {
  const enter = 'nsenter --net=$ns/net --mount=$ns/mnt --uts=$ns/uts --pid=$ns/pid_for_children';
  const script = `ns=/proc/$(cat ${ownerFile(host)})/ns; exec ${enter} -- "$@"`;
  return ['sh', '-c', script, 'sh', ...argv];
}

const PID_FILE = '/run/lanlab/program.pid';
/** The user `nobody`: real root's programs are run as someone who owns nothing. */
const NOBODY_ID = 65_534;
const NOBODY = [`--reuid=${NOBODY_ID}`, `--regid=${NOBODY_ID}`, '--clear-groups'];

/** Root of a user namespace (a rootless container) may have no user but itself. */
function canBeNobody(): boolean {
  const ranges = readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n');
  return ranges.some((line) => {
    const [first = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
    return NOBODY_ID >= first && NOBODY_ID < first + count;
  });
}

/** No capability and no way to get one. Rootless, there is one user anyway: the one who runs the lab. */
function withoutRights({ mode }: Holder): string[] {
  const nobody = mode.unshare.length === 0 && canBeNobody() && readableByAnyone() ? NOBODY : [];
  return ['setpriv', '--no-new-privs', ...nobody, '--inh-caps=-all', '--bounding-set=-all'];
}

function argvOf(program: Program): string[] {
  if (program.kind === 'service') return [process.execPath, servicePath(program.service)];
  if (program.kind === 'command') return program.argv;
  throw new LabError('unsupported', `the image ${program.image} cannot run in a namespace`, {
    mend: 'run this scenario with --engine docker',
  });
}

/**
 * Runs the rest of its arguments as its child. nsenter stops itself when its own child is stopped, and nobody would
 * let it go on: a paused program would outlive its lab. This parent does not; it hands the exit code on, and keeps
 * what shells say of a child's signal to itself.
 */
const KEEPER = ['sh', '-c', 'exec 3>&2 2>/dev/null; "$@" 2>&3 3>&-; exit $?', 'sh'];

export function startProgram(holder: Holder, host: PlannedHost, output: ProgramOutput): RunningProgram {
  const program = host.program!;
  const script = `echo $$ > ${PID_FILE}; exec "$@"`;
  const argv = [...KEEPER, 'sh', '-c', script, 'sh', ...withoutRights(holder), ...argvOf(program)];
  const child = spawn('nsenter', [...holder.enter, ...onHost(host.name, argv)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...ENVIRONMENT, ...program.env },
    detached: true,
  });
  eachLine(child.stdout!, output.stdout);
  eachLine(child.stderr!, output.stderr);
  return { ended: endOf(child), signal: (name) => signal(holder, host.name, name) };
}

function endOf(child: ChildProcess): RunningProgram['ended'] {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ exit: 127, signal: null }));
    child.once('close', (exit, signal) => resolve(signal === null ? exitOf(exit) : { exit, signal }));
  });
}

/** A program that has just ended is not there to be signalled, and that is no error. */
async function signal(holder: Holder, host: string, name: string): Promise<void> {
  const script = `kill -${name.replace(/^SIG/, '')} "$(cat ${PID_FILE})" 2>/dev/null || true`;
  await inside(holder, onHost(host, ['sh', '-c', script]));
}
