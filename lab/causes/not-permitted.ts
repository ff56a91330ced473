import { own } from './asked-for.ts';
import type { Cause } from './cause.ts';

const START = '/proc/sys/net/ipv4/ip_unprivileged_port_start';

/** A low port, asked for without the right to it (ip(7)). */
export const notPermitted: Cause = {
  word: 'not-permitted',
  async find(evidence) {
    const { how, here, outcome } = evidence;
    const wanted = own(evidence);
    if (how !== 'not-permitted' || outcome.failure?.errno !== 'EACCES' || !wanted?.port) return undefined;
    if (!['bind', 'listen'].includes(outcome.failure.syscall)) return undefined;
    const start = Number(await here.says('cat', START));
    if (!(wanted.port < start)) return undefined;
    return `ports under ${start} need a right on ${here.name}: its net.ipv4.ip_unprivileged_port_start is ${start}`;
  },
};
