/** The frames of the benchmark, field by field as tshark prints them. */
import { expect, test } from 'vitest';
import { FIELDS, Lines } from '../../bench/fields.ts';
import { mixedFrames } from '../../bench/mixed-frames.ts';
import { describeNeeding } from '../needs.ts';
import { pcapWriter } from './encode/pcap.ts';
import { Files, fieldsOf, lackingShark } from './shark.ts';

describeNeeding('tshark', lackingShark(), 'the frames of the bench', () => {
  test('are printed field by field as tshark prints them', () => {
    using files = new Files();
    const frames = [...mixedFrames(2000)].flat();
    const writer = pcapWriter();
    const file = files.write('mixed.pcap', Buffer.concat([writer.head, writer.frames(frames)]));
    const lines = new Lines();
    for (const frame of frames) lines.add(frame);
    const ours = lines
      .take()
      .toString()
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t'));
    expect(ours).toEqual(fieldsOf(file, FIELDS));
    // Each kind is among them: otherwise this compares too little.
    const there = ours.map((fields) => fields.slice(3, 9).map((field) => (field ? '+' : '-')));
    expect(new Set(there.map((fields) => fields.join('')))).toEqual(new Set(['------', '+++---', '++++++']));
  });

  test('are the same at every run', () => {
    expect([...mixedFrames(10, 3)].flat()).toEqual([...mixedFrames(10, 10)].flat());
  });
});
