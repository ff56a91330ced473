/** Rows: what the command costs that starts no lab, against the smallest program of the same Node. */
import { LANLAB, NODE, ours, ROOT } from './ours.ts';
import { inTurn } from './ratios.ts';
import type { Measured, Row, Setting } from './row.ts';

/** Turns of what takes a fraction of a second. */
const TIMES = 15;
/** Seconds. */
const LIMIT = 60;

export const version = row('version', ['--version'], 2.5);
export const help = row('help', ['--help'], 2.5);
export const completion = row('completion', ['completion', 'bash'], 2.5);
export const validate = row('validate', ['validate', 'scenarios/01-lan.yaml'], 5);

function row(name: string, argv: string[], limit: number): Row {
  return {
    name,
    what: () => `\`lanlab ${argv.join(' ')}\``,
    against: () => '`node -e 0`',
    limit,
    sense: 'at most',
    unit: 's',
    docker: false,
    lacking: async () => undefined,
    run: (setting) => againstNode(setting, [LANLAB, ...argv], TIMES),
  };
}

/** After one turn that fills the caches. */
async function againstNode(setting: Setting, argv: readonly string[], times: number): Promise<Measured> {
  const command = async () => (await ours(setting, argv, { limit: LIMIT, cwd: ROOT })).seconds;
  await command();
  await emptyNode(setting);
  return { pairs: await inTurn(setting.times ?? times, command, () => emptyNode(setting)) };
}

/** Seconds of a Node that does nothing. */
export async function emptyNode(setting: Setting): Promise<number> {
  return (await ours(setting, [NODE, '-e', '0'], { limit: LIMIT })).seconds;
}
