/** Row: the first scenario on Docker with all that it checks, against compose that only starts and ends its programs. */
import { baseImage, fivePrograms, lackingCompose, project } from './compose.ts';
import { lanlab, ROOT } from './ours.ts';
import { inTurn } from './ratios.ts';
import type { Row, Setting } from './row.ts';

/** Seconds. */
const LIMIT = 300;

export const tourDocker: Row = {
  name: 'tour-docker',
  what: () => '01-lan on Docker with all its checks',
  against: () => 'compose `up --wait` and `down` of the same five programs with their health checks',
  limit: 1.5,
  sense: 'at most',
  unit: 's',
  docker: true,
  lacking: lackingCompose,
  run: async (setting) => {
    await using peer = await project(setting, 'tour', fivePrograms((await baseImage(setting))!));
    await tour(setting); // Makes the images, which is no part of what is timed.
    return {
      pairs: await inTurn(
        setting.times ?? 3,
        () => tour(setting),
        () => peer.once(),
      ),
    };
  },
};

async function tour(setting: Setting): Promise<number> {
  const argv = ['run', '--engine', 'docker', 'scenarios/01-lan.yaml'];
  return (await lanlab(setting, argv, { limit: LIMIT, cwd: ROOT })).seconds;
}
