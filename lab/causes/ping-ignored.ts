import type { Cause } from './cause.ts';

const IGNORE = '/proc/sys/net/ipv4/icmp_echo_ignore_all';

/** The host was told not to answer echo requests. */
export const pingIgnored: Cause = {
  word: 'ping-ignored',
  async find({ there, target, how }) {
    if (!there || target?.transport !== 'icmp' || how !== 'silence') return undefined;
    if ((await there.says('cat', IGNORE)).trim() !== '1') return undefined;
    return `${there.name} answers no pings: its net.ipv4.icmp_echo_ignore_all is 1`;
  },
};
