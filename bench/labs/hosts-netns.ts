/** Row: a hundred hosts on bare namespaces against Mininet: up, one ping, down. */
import { lackingMininet, mininet } from './mininet.ts';
import { lackingEngine, lanlab, plainScenario } from './ours.ts';
import { inTurn } from './ratios.ts';
import { hosts, type Row, type Setting } from './row.ts';

const COUNT = 100;
/** Seconds for one turn of one side. */
const LIMIT = 600;

export const hostsNetns: Row = {
  name: 'hosts-netns',
  what: (setting) => `${hosts(COUNT, setting)} hosts, one ping, up and down, netns`,
  against: () => 'Mininet 2.3, `--switch lxbr --controller none`',
  limit: 0.25,
  sense: 'at most',
  unit: 's',
  docker: false,
  lacking: async (setting) => (await lackingEngine(setting, 'netns')) ?? (await lackingMininet(setting)),
  run: async (setting) => {
    const count = hosts(COUNT, setting);
    await oneLab(setting, 2, LIMIT); // What is made once for all labs is no part of what is timed.
    const ours = () => oneLab(setting, count, LIMIT);
    return { pairs: await inTurn(setting.times ?? 3, ours, () => mininet(setting, count, LIMIT)) };
  },
};

/** Seconds of `lanlab run` with so many hosts and one ping. */
export async function oneLab(setting: Setting, count: number, limit: number): Promise<number> {
  const file = await plainScenario(setting, count, true);
  const { seconds } = await lanlab(setting, ['run', '--engine', 'netns', file], { limit });
  setting.say(`${count} hosts: ${seconds.toFixed(2)} s`);
  return seconds;
}
