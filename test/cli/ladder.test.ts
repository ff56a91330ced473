import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pcapngWriter } from '../../lab/wire/files/pcapng-writer.ts';
import { conversation, cutOffWire, parties } from '../reports/ladders.ts';
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

  test.each([
    ['a file that is none', () => join(folder, 'nothing'), /nothing cannot be read: there is no such file/],
    ['a folder', () => folder, /cannot be read: it is a folder/],
    ['a file that is no capture', () => 'package.json', /no capture file: it begins with 7b0a2020/],
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
