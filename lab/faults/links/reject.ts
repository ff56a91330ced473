/** Answers in place of the receiver that nobody is there: a reset to TCP, an ICMP error to everything else. */
import { placed } from './placed.ts';

export const reject = placed({
  word: 'reject',
  summary:
    'Loses every packet and answers it: TCP by a reset, anything else by an ICMP error (port unreachable).',
  example: 'fault: { reject: { from: alice, to: echo }, as: closed }',
  impairment: { answer: 'reject' },
  touches: ['tcp', 'udp', 'icmp', 'icmpv6', 'ip'],
});
