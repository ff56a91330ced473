/** Row: a thousand hosts against our own hundred. Ten is what growth in a straight line costs. */
import { oneLab } from './hosts-netns.ts';
import { lackingEngine } from './ours.ts';
import { inTurn } from './ratios.ts';
import { hosts, type Row } from './row.ts';

const MANY = 1_000;
const FEW = 100;
/** Seconds for one lab. */
const LIMIT = 900;

export const thousandHosts: Row = {
  name: 'thousand-hosts',
  what: (setting) => `${hosts(MANY, setting).toLocaleString('en-US')} hosts, one ping, up and down, netns`,
  against: (setting) => `lanlab's own ${hosts(FEW, setting)}`,
  limit: 12,
  sense: 'at most',
  unit: 's',
  docker: false,
  lacking: (setting) => lackingEngine(setting, 'netns'),
  run: async (setting) => {
    await oneLab(setting, 2, LIMIT); // What is made once for all labs is no part of what is timed.
    const many = () => oneLab(setting, hosts(MANY, setting), LIMIT);
    const few = () => oneLab(setting, hosts(FEW, setting), LIMIT);
    return { pairs: await inTurn(setting.times ?? 3, many, few) };
  },
};
