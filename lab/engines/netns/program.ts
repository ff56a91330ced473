/** A host's program as it is started there: without a single capability, and as the user nobody where there is one. */
import { LabError } from '../../errors.ts';
import type { ProgramOrder } from '../../init/calls.ts';
import type { PlannedHost } from '../../model/planned.ts';
import type { Program } from '../../model/types.ts';
import { bundled } from '../bundles/bundled.ts';
import type { Mode } from './modes.ts';
import { environment } from './paths.ts';

/** The user `nobody`: real root's programs are run as someone who owns nothing. */
const NOBODY_ID = 65_534;
const NOBODY = [`--reuid=${NOBODY_ID}`, `--regid=${NOBODY_ID}`, '--clear-groups'];

export async function programOrder(
  { name, program }: PlannedHost,
  run: number,
  mode: Mode,
): Promise<ProgramOrder> {
  const argv = [...withoutRights(mode), ...(await argvOf(program!))];
  return { host: name, run, argv, env: { ...environment(), ...program!.env } };
}

/** No capability and no way to get one. Rootless, there is one user anyway: the one who runs the lab. */
function withoutRights({ ids }: Mode): string[] {
  const nobody = ids === 'own' || ids === 'none' ? NOBODY : [];
  return ['setpriv', '--no-new-privs', ...nobody, '--inh-caps=-all', '--bounding-set=-all'];
}

async function argvOf(program: Program): Promise<string[]> {
  if (program.kind === 'service') return [process.execPath, await bundled(program.service)];
  if (program.kind === 'command') return program.argv;
  throw new LabError('unsupported', `the image ${program.image} cannot run in a namespace`, {
    hint: 'run this scenario with --engine docker',
  });
}
