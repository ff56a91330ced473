/** A host's program as it is started there: without a single capability, and as nobody where there is a nobody. */
import { readFileSync } from 'node:fs';
import { LabError } from '../../errors.ts';
import type { PlannedHost } from '../../scenario/planned.ts';
import type { Program } from '../../scenario/types.ts';
import type { Mode } from './hold.ts';
import type { ProgramOrder } from './init/calls.ts';
import { environment, readableByAnyone, servicePath } from './paths.ts';

/** The user `nobody`: real root's programs are run as someone who owns nothing. */
const NOBODY_ID = 65_534;
const NOBODY = [`--reuid=${NOBODY_ID}`, `--regid=${NOBODY_ID}`, '--clear-groups'];

export function programOrder({ name, program }: PlannedHost, run: number, mode: Mode): ProgramOrder {
  const argv = [...withoutRights(mode), ...argvOf(program!)];
  return { host: name, run, argv, env: { ...environment(), ...program!.env } };
}

/** Root of a user namespace (a rootless container) may have no user but itself. */
function canBeNobody(): boolean {
  const ranges = readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n');
  return ranges.some((line) => {
    const [first = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
    return NOBODY_ID >= first && NOBODY_ID < first + count;
  });
}

/** No capability and no way to get one. Rootless, there is one user anyway: the one who runs the lab. */
function withoutRights(mode: Mode): string[] {
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
