/** Loses everything that matches, and nobody is told: neither ARP nor an ICMP error comes through. */
import { placed } from './placed.ts';

export const blackhole = placed({
  word: 'blackhole',
  summary: 'Loses every frame, or every one that `only` names, and tells nobody.',
  example: 'fault: { blackhole: [alice, echo], as: hole }',
  impairment: { blackhole: 'frames' },
});
