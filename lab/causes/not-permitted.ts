/** A low port, for which the agent has no privilege (ip(7)). */
import type { Cause } from './cause.ts';

const START = 'net.ipv4.ip_unprivileged_port_start';

export const notPermitted: Cause = {
  word: 'not-permitted',
  async find(evidence) {
    const { symptom, here, outcome } = evidence;
    const wanted = outcome.binds;
    if (symptom !== 'not-permitted' || outcome.failure?.errno !== 'EACCES' || !wanted?.port) return undefined;
    if (!['bind', 'listen'].includes(outcome.failure.syscall)) return undefined;
    const start = Number(await here.setting(START));
    if (!(wanted.port < start)) return undefined;
    return `ports under ${start} need a permission on ${here.name}: its ${START} is ${start}`;
  },
};
