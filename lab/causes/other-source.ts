/** The reply left from another address or port than the target's. Only captures show it, at either end. */
import type { Endpoint } from '../agent/endpoint.ts';
import { isSamePacket } from '../wire/forwarded.ts';
import type { SeenFrame } from '../wire/timeline.ts';
import type { Cause } from './cause.ts';
import { ownerOf } from './evidence/address-owner.ts';
import type { Evidence } from './evidence/evidence.ts';
import type { Machine } from './evidence/machine.ts';
import { type CapturedFrames, cameTo, leftFrom } from './evidence/seen-frames.ts';

export const otherSource: Cause = {
  word: 'other-source',
  async find(evidence) {
    const { here, there, target, symptom, seen, local } = evidence;
    if (!there || !seen || target?.transport !== 'udp' || symptom !== 'silence') return undefined;
    const ours = await local();
    if (!ours || ours.port === 0) return undefined;
    await seen.settled([here.name, there.name].filter(seen.captured));
    const outer = outerOf(ours, seen, there);
    for (const one of seen.frames) {
      const { udp, ip } = one.frame;
      const to = [ours, outer].find(
        (end) => end && udp?.destinationPort === end.port && ip?.destination === end.address,
      );
      const asked = udp?.sourcePort === target.port && ip?.source === target.address;
      if (!to || !udp || !ip || asked || !(await isFrom(there, one, evidence))) continue;
      const left = `reply left from ${ip.source === target.address ? `port ${udp.sourcePort}` : ip.source}`;
      const place = ip.source === target.address ? target.port : target.address;
      const nat = to === ours ? '' : natOf(to, evidence.all);
      return `${left} (frame ${one.number}), not the ${place} it was asked on${nat}`;
    }
    return undefined;
  },
};

/** The end of this side after a NAT, as the question came to the target; undefined where no NAT changed it. */
function outerOf(ours: Endpoint, { frames }: CapturedFrames, there: Machine): Endpoint | undefined {
  const question = frames.find(({ frame }) => {
    return frame.udp?.sourcePort === ours.port && frame.ip?.source === ours.address;
  });
  const came =
    question && frames.find((one) => cameTo(one, there.name) && isSamePacket(one.frame, question.frame));
  const { ip, udp } = came?.frame ?? {};
  if (!ip || !udp || ip.source === ours.address) return undefined;
  return { address: ip.source, port: udp.sourcePort };
}

/** Whether a frame left this host, or, where only its arrival was seen, has an address of this host as its source. */
async function isFrom(there: Machine, one: SeenFrame, { all, here }: Evidence): Promise<boolean> {
  if (leftFrom(one, there.name)) return true;
  const source = one.frame.ip?.source;
  return source !== undefined && cameTo(one, here.name) && (await ownerOf(source, all)) === there;
}

function natOf({ address, port }: Endpoint, all: readonly Machine[]): string {
  const nat = all.find(({ host }) => host.plan.nat?.address === address);
  return nat ? `: ${nat.name}'s NAT has its port ${port} for the one that was asked alone` : '';
}
