/** A cable doubled a datagram: one copy was read, and the other one came where something else, or nothing, was expected. */
import { printImpairer } from '../outcomes/cable-record.ts';
import type { Datagram } from '../outcomes/conversation.ts';
import type { Frame } from '../wire/frame.ts';
import type { Cause } from './cause.ts';
import { verdictsSince } from './evidence/verdicts.ts';

export const duplicate: Cause = {
  word: 'duplicate',
  async find({ symptom, outcome: { conversation }, context }) {
    if (symptom !== 'extra' || conversation?.kind !== 'datagrams') return undefined;
    const extra = conversation.received.at(-1);
    if (!extra || !conversation.received.slice(0, -1).some((one) => isSame(one, extra))) return undefined;
    // The step before may have read the first copy.
    const doubled = (await verdictsSince(0, context)).findLast(
      ({ verdict: { did }, frame }) => did === 'doubled' && carries(frame, extra, conversation.local.port),
    );
    const impairer = doubled && context.cables.impairerOf(doubled.verdict);
    if (!impairer) return undefined;
    const { host, number } = doubled.verdict;
    return `this datagram came twice, and one copy had been read: the cable of ${host} doubled it, ${printImpairer(impairer)}, frame ${number}`;
  },
};

function isSame(one: Datagram, other: Datagram): boolean {
  const { address, port } = other.from;
  return one.from.address === address && one.from.port === port && one.bytes.equals(other.bytes);
}

/** Whether a frame, of which the beginning is known, has this datagram for this port. */
function carries({ udp, ip, bytes, payload, carried }: Frame, datagram: Datagram, port: number): boolean {
  const { from, bytes: data } = datagram;
  if (udp?.destinationPort !== port || udp.sourcePort !== from.port || ip?.source !== from.address)
    return false;
  const begin = bytes.subarray(payload.start, payload.end);
  return carried === data.length && data.subarray(0, begin.length).equals(begin);
}
