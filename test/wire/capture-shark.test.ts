/** Capture files beside the programs of Wireshark: what lanlab writes they read, and the other way round. */
import { createReadStream, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCapture } from '../../lab/wire/files/capture-file.ts';
import { pcapngWriter } from '../../lab/wire/files/pcapng-writer.ts';
import type { Captured } from '../../lab/wire/frame.ts';
import { describeNeeding } from '../needs.ts';
import { ORDERS, pcapFile, pcapRecord } from './capture-bytes.ts';
import { pcapWriter } from './encode/pcap.ts';
import { arpRequest, captured, MACS, tcp } from './made.ts';
import { printStamp } from './print-stamp.ts';
import { readWhole } from './read-whole.ts';
import { Files, fieldsOf, lackingShark, run } from './shark.ts';

const SYN = tcp({
  from: 'alice',
  to: 'echo',
  sourcePort: 40_000,
  destinationPort: 9000,
  flags: 2,
  sequence: 7,
});
const FRAMES: Captured[] = [
  captured(arpRequest('alice', 'echo'), 0.001, {
    way: 'out',
    comment: 'asked for, and long enough to be padded',
  }),
  captured(arpRequest('alice', 'echo'), 30.5, { way: 'in', card: 1 }),
  captured(SYN, 1_000_000, { card: 0 }),
  captured(SYN.subarray(0, 34), 1_000_001.999, { card: 1, length: SYN.length, comment: '✓' }),
];

async function read(file: string) {
  const frames: Captured[] = [];
  const capture = readCapture(createReadStream(file, { highWaterMark: 100 }));
  for await (const batch of capture) frames.push(...batch);
  return { frames, cards: capture.cards };
}

function plain({ seconds, nanoseconds, bytes, length }: Captured) {
  return { seconds, nanoseconds, bytes: Buffer.from(bytes).toString('hex'), length };
}

describeNeeding('tshark', lackingShark(), 'capture files and Wireshark’s programs', () => {
  test('tshark reads what is written: times, cards, direction, comments, host names', () => {
    using files = new Files();
    const writer = pcapngWriter({
      cards: [{ name: 'alice eth0', description: 'office', mac: '02:6c:61:00:00:01' }, { name: 'echo eth0' }],
      names: new Map([
        ['10.50.1.21', 'alice'],
        ['10.50.1.10', 'echo'],
        // A record that older ones do not know is passed over.
        [MACS.alice, 'alice'],
      ]),
    });
    const counts = [0, 1].map((card) => ({
      card,
      received: 2,
      dropped: card,
      seconds: 1_700_000_002,
      nanoseconds: 0,
    }));
    const file = files.write(
      'ours.pcapng',
      Buffer.concat([writer.head, writer.frames(FRAMES), writer.end(counts)]),
    );
    const wanted = [
      'frame.time_epoch',
      'frame.interface_name',
      'frame.interface_description',
      'frame.packet_flags_direction',
      'frame.comment',
      'frame.len',
      'frame.cap_len',
    ];
    expect(fieldsOf(file, wanted)).toEqual([
      ['1700000000.000000001', 'alice eth0', 'office', '0x00000002', FRAMES[0]!.comment, '42', '42'],
      ['1700000000.000030500', 'echo eth0', '', '0x00000001', '', '42', '42'],
      ['1700000001.000000000', 'alice eth0', 'office', '', '', '54', '54'],
      ['1700000001.000001999', 'echo eth0', '', '', '✓', '54', '34'],
    ]);
    const named = run('tshark', ['-r', file, '-W', 'n', '-N', 'nN', '-T', 'fields', '-e', 'ip.src_host']);
    expect(named.split('\n')[2]).toBe('alice');
    const about = run('capinfos', [file]);
    expect(about).toContain('File type:           Wireshark/... - pcapng');
    expect(about).toContain('Capture application: lanlab');
    expect(about).toMatch(/Interface #1 info:[^#]*Name = echo eth0[^#]*Time precision = nanoseconds \(9\)/);
    expect(about).toContain('Number of stat entries = 1');
  });

  test('tshark reads the pcap that is written', () => {
    using files = new Files();
    const writer = pcapWriter();
    const file = files.write('ours.pcap', Buffer.concat([writer.head, writer.frames(FRAMES), writer.end()]));
    expect(fieldsOf(file, ['frame.time_epoch', 'frame.len', 'frame.cap_len'])).toEqual(
      FRAMES.map((frame) => [printStamp(frame), String(frame.length), String(frame.bytes.length)]),
    );
    expect(run('capinfos', ['-T', '-t', file])).toContain('nsecpcap');
  });

  test.each(['pcap', 'nsecpcap', 'pcapng'])('the %s that editcap writes is read', async (format) => {
    using files = new Files();
    const writer = pcapngWriter({ cards: [{ name: 'alice eth0' }, { name: 'echo eth0' }] });
    const ours = files.write('ours.pcapng', Buffer.concat([writer.head, writer.frames(FRAMES)]));
    run('editcap', ['-F', format, ours, files.path('theirs')]);
    const { frames, cards } = await read(files.path('theirs'));
    const nanoseconds = (of: number) => (format === 'pcap' ? of - (of % 1000) : of);
    expect(frames.map(plain)).toEqual(
      FRAMES.map((frame) => plain({ ...frame, nanoseconds: nanoseconds(frame.nanoseconds) })),
    );
    if (format !== 'pcapng') return;
    expect(cards.map(({ name }) => name)).toEqual(['alice eth0', 'echo eth0']);
    expect(frames.map(({ card, way, comment }) => ({ card, way, comment }))).toEqual(
      FRAMES.map(({ card, way, comment }) => ({ card, way, comment })),
    );
  });

  test.each(ORDERS)('of a pcap by hand, $name, tshark and we read the same', (order) => {
    using files = new Files();
    const records = [
      pcapRecord(order, 1_700_000_000, 123_456_789, SYN),
      pcapRecord(order, 1_700_000_001, 5, SYN),
    ];
    const file = files.write('hand.pcap', pcapFile(order, 0xa1b23c4d, records));
    expect(readWhole(readFileSync(file)).frames.map(printStamp)).toEqual(
      fieldsOf(file, ['frame.time_epoch']).map(([time]) => time),
    );
  });
});
