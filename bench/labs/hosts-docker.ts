/** Row: fifty hosts on Docker, up and down, against compose with as many containers that sleep on one network. */
import { baseImage, lackingCompose, project, sleepers } from './compose.ts';
import { lanlab, plainScenario, takeDown } from './ours.ts';
import { inTurn } from './ratios.ts';
import { hosts, type Row, type Setting } from './row.ts';

const COUNT = 50;
/** Seconds for up and for down. */
const LIMIT = 600;

export const hostsDocker: Row = {
  name: 'hosts-docker',
  what: (setting) => `${hosts(COUNT, setting)} hosts, up and down, Docker`,
  against: (setting) => `compose, ${hosts(COUNT, setting)} × \`sleep\` on one network`,
  limit: 1,
  sense: 'at most',
  unit: 's',
  docker: true,
  lacking: lackingCompose,
  run: async (setting) => {
    const count = hosts(COUNT, setting);
    await upAndDown(setting, 2); // Makes the image of the agent, which is no part of what is timed.
    await using peer = await project(setting, 'sleepers', sleepers(count, (await baseImage(setting))!));
    const ours = () => upAndDown(setting, count);
    return { pairs: await inTurn(setting.times ?? 3, ours, () => peer.once()) };
  },
};

/** Seconds of `lanlab up` and `lanlab down`. */
async function upAndDown(setting: Setting, count: number): Promise<number> {
  const file = await plainScenario(setting, count, false);
  try {
    const up = await lanlab(setting, ['up', '--engine', 'docker', file], { limit: LIMIT });
    const down = await lanlab(setting, ['down', '--all'], { limit: LIMIT });
    setting.say(`${count} hosts: up ${up.seconds.toFixed(2)} s, down ${down.seconds.toFixed(2)} s`);
    return up.seconds + down.seconds;
  } catch (error) {
    await takeDown(setting, LIMIT);
    throw error;
  }
}
