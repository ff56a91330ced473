import type { Cause } from './cause.ts';
import { leftFrom } from './seen-frames.ts';

/** The reply left from another address or port than was asked. Only captures show it. */
export const otherSource: Cause = {
  word: 'other-source',
  async find({ here, there, target, how, seen, local }) {
    if (!there || !seen || target?.transport !== 'udp' || how !== 'silence') return undefined;
    const to = await local();
    if (!to || to.port === 0) return undefined;
    await seen.settled([here.name, there.name].filter(seen.captured));
    const reply = seen.frames.find((one) => {
      const { udp, ip } = one.frame;
      const ours = udp?.destinationPort === to.port && ip?.destination === to.address;
      const asked = udp?.sourcePort === target.port && ip?.source === target.address;
      return ours && !asked && leftFrom(one, there.name);
    });
    const { udp, ip } = reply?.frame ?? {};
    if (!reply || !udp || !ip) return undefined;
    const left = `reply left from ${ip.source === target.address ? `port ${udp.sourcePort}` : ip.source}`;
    const asked = ip.source === target.address ? target.port : target.address;
    return `${left} (frame ${reply.number}), not the ${asked} it was asked on`;
  },
};
