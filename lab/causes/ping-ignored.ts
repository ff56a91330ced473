/** The host was told not to answer echo requests. */
import { familyOf } from '../model/address.ts';
import type { Cause } from './cause.ts';

const IGNORE = { ipv4: 'net.ipv4.icmp_echo_ignore_all', ipv6: 'net.ipv6.icmp.echo_ignore_all' };

export const pingIgnored: Cause = {
  word: 'ping-ignored',
  async find({ there, target, symptom }) {
    if (!there || target?.transport !== 'icmp' || symptom !== 'silence') return undefined;
    const key = IGNORE[familyOf(target.address)];
    if ((await there.setting(key)) !== '1') return undefined;
    return `${there.name} answers no pings: its ${key} is 1`;
  },
};
