/** What a cable says of its own, read by the decoder: who says it to whom, its numbers, its checksums. */
import { describe, expect, test } from 'vitest';
import { answersTo, concerns } from '../../../lab/agent/cable/answers.ts';
import { decode } from '../../../lab/wire/decode.ts';
import { checksums } from '../../../lab/wire/frame-checksums.ts';
import { printFrame } from '../../../lab/wire/print.ts';
import { ACK, FIN, PSH, RST, SYN } from '../../../lab/wire/tcp.ts';
import { encodeFrame, type FrameFields } from '../../wire/encode/frame.ts';

const ethernet = { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' };
const FAMILIES = {
  ipv4: { ipv4: { source: '10.0.0.1', destination: '10.0.0.2' } },
  ipv6: { ipv6: { source: 'fd00::1', destination: 'fd00::2' } },
};

function frame(fields: FrameFields): Buffer {
  return Buffer.from(encodeFrame({ ethernet, ...fields }));
}

function segment(around: FrameFields, flags: number, payload = ''): Buffer {
  const tcp = { sourcePort: 40000, destinationPort: 9000, sequence: 1000, acknowledgement: 5000, flags };
  return frame({ ...around, tcp, payload: Buffer.from(payload) });
}

/** As text, once everything in it has been found right. */
function said(bytes: Buffer | undefined): string | undefined {
  if (!bytes) return undefined;
  const whole = decode(bytes);
  expect(whole.trouble).toBeUndefined();
  expect(Object.values(checksums(whole)).every((one) => one === 'right')).toBe(true);
  return `${whole.ethernet!.source} > ${whole.ethernet!.destination} ${printFrame(whole)}`;
}

describe.each(Object.entries(FAMILIES))('by %s', (family, around) => {
  test.each([
    ['an attempt to connect', SYN, ''],
    ['a segment with bytes', ACK | PSH, 'hello'],
    ['the end of a direction', ACK | FIN, 'bye'],
  ])('%s is answered as a host does without such a connection', (_, flags, payload) => {
    const { back, on } = answersTo(segment(around, flags, payload), 'reject');
    expect(on).toBeUndefined();
    const { tcp } = decode(back!);
    expect(said(back)).toContain('02:00:00:00:00:02 > 02:00:00:00:00:01');
    expect([tcp!.sourcePort, tcp!.destinationPort]).toEqual([9000, 40000]);
    if (flags === SYN)
      expect([tcp!.flags, tcp!.sequence, tcp!.acknowledgement]).toEqual([RST | ACK, 0, 1001]);
    else expect([tcp!.flags, tcp!.sequence]).toEqual([RST, 5000]);
  });

  test('a reset goes on to the receiver, at the number that it waits for', () => {
    const { back, on } = answersTo(segment(around, ACK | PSH, 'hello'), 'reset');
    expect(said(on)).toContain('02:00:00:00:00:01 > 02:00:00:00:00:02');
    const [there, here] = [decode(on!).tcp!, decode(back!).tcp!];
    expect([there.flags & RST, there.sequence, there.sourcePort]).toEqual([RST, 1000, 40000]);
    expect([here.flags & RST, here.sequence, here.sourcePort]).toEqual([RST, 5000, 9000]);
  });

  test('a datagram is answered by an error that quotes it, no longer than an error may be', () => {
    const udp = { sourcePort: 40000, destinationPort: 9000 };
    const whole = frame({ ...around, udp, payload: Buffer.alloc(1300, 'x') });
    const { back } = answersTo(whole, 'reject');
    expect(said(back)).toMatch(/port.unreachable/);
    expect(back!.length - 14).toBe(family === 'ipv4' ? 576 : 1280);
    expect(back!.includes(whole.subarray(14, 500))).toBe(true);
  });
});

test('an error, a group and a later fragment are answered by nobody', () => {
  const icmp = { ...FAMILIES.ipv4, icmp: { type: 3, code: 1 } };
  const udp = { ...FAMILIES.ipv4, udp: { sourcePort: 1, destinationPort: 2 } };
  const later = {
    ipv4: { ...FAMILIES.ipv4.ipv4, fragmentOffset: 8, protocol: 17 },
    payload: Buffer.alloc(8),
  };
  const group = { ...udp, ethernet: { ...ethernet, destination: 'ff:ff:ff:ff:ff:ff' } };
  for (const fields of [icmp, group, later]) expect(answersTo(frame(fields), 'reject')).toEqual({});
  expect(answersTo(frame(udp), 'reject').back).toBeDefined();
  expect(answersTo(frame(udp), 'loss')).toEqual({});
});

test('padding behind a short packet counts for nothing', () => {
  const tcp = { sourcePort: 1, destinationPort: 2, sequence: 7, flags: SYN };
  const { back } = answersTo(frame({ ...FAMILIES.ipv4, tcp, padTo: 60 }), 'reject');
  expect(decode(back!).tcp!.acknowledgement).toBe(8);
});

test('a reset is for what stands, a reject for packets, and neither answers a reset', () => {
  const [reset, reject, packets] = [
    concerns({ answer: 'reset' }),
    concerns({ answer: 'reject' }),
    concerns({ blackhole: 'packets' }),
  ].map((one) => one!);
  const arp = frame({
    arp: { operation: 1, senderMac: ethernet.source, senderAddress: '10.0.0.1', targetAddress: '10.0.0.2' },
  });
  const asks = frame({ ...FAMILIES.ipv6, icmpv6: { type: 135 } });
  const [syn, data, end] = [SYN, ACK, RST].map((flags) => segment(FAMILIES.ipv4, flags));
  expect([syn, data, end, arp, asks].map((one) => reset!(one!))).toEqual([false, true, false, false, false]);
  expect([syn, data, end, arp, asks].map((one) => reject!(one!))).toEqual([true, true, false, false, false]);
  expect([syn, data, end, arp, asks].map((one) => packets!(one!))).toEqual([true, true, true, false, false]);
  expect(concerns({ blackhole: 'frames' })).toBeUndefined();
});
