/** `lanlab ladder` on capture files: drawings, lists, and calls that are wrong. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pcapngWriter } from '../../lab/wire/files/pcapng-writer.ts';
import { addressOf, conversation, cutOffWire, parties, Wire } from '../reports/ladders.ts';
import { captured, ethernetFile, onEthernet, piece } from '../wire/odd-captures.ts';
import { lanlab, start } from './command.ts';

/** As lanlab writes it: cards with their hosts and networks, names, which way each frame went. */
function capture({ frames, captured } = conversation(), comment?: string): Uint8Array {
  const writer = pcapngWriter({
    cards: captured.map(({ host, name, network, mac }) => ({
      name: `${host} ${name}`,
      description: `${host} on ${network}`,
      mac,
      ...(comment !== undefined && { comment }),
    })),
    names: new Map(parties.map(({ name, addresses: [address] }) => [address!, name])),
  });
  const seen = frames.flatMap(({ frame: { bytes, length }, sightings }) =>
    sightings.map(({ card, seconds, nanoseconds, way }) => ({
      ...{ bytes, length, seconds, nanoseconds, way },
      card: captured.indexOf(card),
    })),
  );
  return Buffer.concat([writer.head, writer.frames(seen), writer.end()]);
}

/** So many of UDP, each from a port of its own; every second one has no answer. */
function conversations(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => {
    const ports = { sourcePort: 40_000 + index, destinationPort: 6000 };
    const back = { sourcePort: 6000, destinationPort: 40_000 + index };
    const asks = onEthernet(piece('alice', { udp: ports, payload: Buffer.from('a?') }));
    const answers = onEthernet(piece('echo', { udp: back, payload: Buffer.from('a!') }));
    return index % 2 === 0 ? [asks, answers] : [asks];
  }).flat();
}

/** Columns as wide as they are. */
function loosely(line: string): RegExp {
  return new RegExp(`^${line.replaceAll('.', '\\.').replaceAll(/ +/g, ' +')}$`);
}

describe('lanlab ladder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanlab-ladder-'));
  const file = join(folder, 'talk.pcapng');
  beforeAll(() => writeFileSync(file, capture()));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('draws a capture by its hosts’ names, and a frame that two cards saw once', async () => {
    const { exit, stdout, stderr } = await start(['ladder', file], { LC_ALL: 'C.UTF-8' }).ended;
    expect(stderr).toBe('');
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^ +ms +alice +echo\n/);
    expect(stdout).toMatch(/3 +0\.200 .*SYN to 9000.*▶│ +╮ handshake\n/);
    expect(stdout.match(/SYN to 9000/g)).toHaveLength(1);
    expect(stdout).toMatch(/TIME-WAIT +LAST-ACK/);
  });

  test.each([
    ['lost that did not come', undefined, /SYN to 9000 .*✗.* never arrived/],
    [
      'nothing lost where the file says that it lacks frames',
      'incomplete: echo: 3 are missing',
      /SYN to 9000.*▷/,
    ],
  ])('takes for %s', async (_, comment, drawn) => {
    const file = join(folder, 'cut-off.pcapng');
    writeFileSync(file, capture(cutOffWire(), comment));
    const { stdout } = await start(['ladder', file], { LC_ALL: 'C.UTF-8' }).ended;
    expect(stdout).toMatch(drawn);
    expect(stdout.includes('never arrived')).toBe(comment === undefined);
  });

  test('keeps to ASCII where the locale says so', async () => {
    const { stdout } = await start(['ladder', file], { LC_ALL: 'C' }).ended;
    expect(stdout).toMatch(/^[ -~\n]+$/);
    expect(stdout).toContain('SYN to 9000 ---');
  });

  test('draws it as a picture and as a page', async () => {
    const [svg, html] = [join(folder, 'talk.svg'), join(folder, 'talk.html')];
    const { exit, stdout } = await lanlab('ladder', file, '--svg', svg, '--html', html);
    expect(exit).toBe(0);
    expect(stdout).toBe('');
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg .*SYN to 9000/s);
    expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>.*SYN to 9000/s);
  });

  test('says how many frames it left out', async () => {
    const { exit, stdout, stderr } = await lanlab('ladder', file, '--most', '5');
    expect(exit).toBe(0);
    expect(stdout).toContain('7 more frames of 12 left out');
    expect(stderr).toBe('lanlab: drew 5 of 12 frames; --most draws more\n');
  });

  describe('of a capture of many conversations', () => {
    const many = join(folder, 'many.pcap');
    const small = join(folder, 'small.pcap');
    beforeAll(() => {
      writeFileSync(many, ethernetFile(captured(conversations(20))));
      writeFileSync(small, ethernetFile(captured(conversations(4))));
    });

    test('lists them first, and says how to draw a part', async () => {
      const { exit, stdout, stderr } = await lanlab('ladder', many);
      expect(exit).toBe(0);
      expect(stdout.split('\n').slice(0, 4)).toEqual(
        [
          'NO  PROTOCOL  FROM            TO                  FRAMES  BYTES  ENDED',
          '1   udp       10.9.0.1:40000  10.9.0.2:6000       2       120    answered',
          '2   udp       10.9.0.1:40001  10.9.0.2:6000       1       60     no answer',
          '3   udp       10.9.0.1:40002  10.9.0.2:6000       2       120    answered',
        ].map((line) => expect.stringMatching(loosely(line))),
      );
      expect(stdout.trimEnd().split('\n')).toHaveLength(21);
      expect(stderr).toBe(
        'lanlab: 20 conversations: --conversation 1 draws one, --hosts A,B those between two hosts, --all every frame\n',
      );
    });

    test('draws one of them', async () => {
      const { exit, stdout, stderr } = await lanlab('ladder', many, '--conversation', '3');
      expect(stderr).toBe('');
      expect(exit).toBe(0);
      expect(stdout.match(/40002/g)).toHaveLength(2);
      expect(stdout).not.toContain('40001');
    });

    test('draws all of them where that is said, and in a picture', async () => {
      expect((await lanlab('ladder', many, '--all')).stdout.match(/→/g)).toHaveLength(30);
      const { stdout } = await lanlab('ladder', many, '--svg', '-');
      expect(stdout).toMatch(/^<svg /);
    });

    test('lists few where that is said', async () => {
      expect((await lanlab('ladder', small)).stdout).toContain('→');
      const { stdout, stderr } = await lanlab('ladder', '--list', small);
      expect(stdout.trimEnd().split('\n')).toHaveLength(5);
      expect(stderr).toBe('');
    });

    test('has no other than its own', async () => {
      const { exit, stderr } = await lanlab('ladder', small, '--conversation', '9');
      expect(exit).toBe(2);
      expect(stderr).toBe(
        'lanlab: no conversation 9 is in the capture: it has 4\n  hint: lanlab ladder --list FILE lists them with their numbers\n',
      );
    });
  });

  describe('between hosts', () => {
    test.each([
      ['names', 'alice,echo'],
      ['addresses', `${addressOf('alice')},${addressOf('echo')}`],
    ])('that are given by their %s draws what they send each other', async (_, hosts) => {
      const { exit, stdout } = await lanlab('ladder', file, '--hosts', hosts);
      expect(exit).toBe(0);
      expect(stdout).toContain('SYN to 9000');
    });

    test('that are not there says who is', async () => {
      const { exit, stderr } = await lanlab('ladder', file, '--hosts', 'alice,zed');
      expect(exit).toBe(2);
      expect(stderr).toBe('lanlab: no host zed is in the capture\n  hint: it has alice, echo\n');
    });

    test('draws those alone, and names who else heard them', async () => {
      const both = join(folder, 'both.pcapng');
      const wire = new Wire(['alice', 'echo', 'bob'])
        .arp('alice', 'echo')
        .datagram('bob', 'echo', [5000, 9000], 'x');
      writeFileSync(both, capture(wire));
      const { stdout } = await lanlab('ladder', both, '--hosts', 'alice,echo');
      expect(stdout.split('\n')[0]).toMatch(/^ +ms +(alice +echo|echo +alice)$/);
      expect(stdout).toContain('also heard by bob');
    });
  });

  test('reads what is packed with gzip, and standard input', async () => {
    const packed = join(folder, 'talk.pcapng.gz');
    writeFileSync(packed, gzipSync(capture()));
    expect((await lanlab('ladder', packed)).stdout).toContain('SYN to 9000');
  });

  test.each([
    ['a file that is none', () => join(folder, 'nothing'), /nothing cannot be read: there is no such file/],
    ['a folder', () => folder, /cannot be read: it is a folder/],
    [
      'a file that is no capture',
      () => 'package.json',
      /this is not a capture file: it begins with 7b0a2020/,
    ],
  ])('refuses %s', async (_, given, message) => {
    const { exit, stdout, stderr } = await lanlab('ladder', given());
    expect(exit).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).toContain('hint: ');
  });

  test('draws what there is of a capture that is cut off, and says that it is', async () => {
    const cut = join(folder, 'cut.pcapng');
    writeFileSync(cut, capture().subarray(0, 1500));
    const { exit, stdout, stderr } = await lanlab('ladder', cut);
    expect(exit).toBe(2);
    expect(stdout).toContain('SYN to 9000');
    expect(stderr).toContain('cut off');
  });
});
