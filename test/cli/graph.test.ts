/** `lanlab graph`: every format, and what decides which one it is. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { lanlab } from './command.ts';

const LAN = 'scenarios/01-lan.yaml';
const BEGINS = {
  text: /^ {2}office 10\.50\.1\.0\/24\n/,
  mermaid: /^---\ntitle: "lan"\n---\nflowchart LR\n/,
  dot: /^graph "lan" \{\n/,
  svg: /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /,
};

describe('lanlab graph', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanlab-graph-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(['lan.png', 'lan.html'])(
    'a file of another kind is refused with what may be written (%s)',
    async (name) => {
      const { exit, stderr } = await lanlab('graph', LAN, '-o', join(folder, name));
      expect(exit).toBe(2);
      expect(stderr).toContain('.svg');
      expect(existsSync(join(folder, name))).toBe(false);
    },
  );

  test('draws as text where nothing is said, without colours where it is no terminal', async () => {
    const { exit, stdout, stderr } = await lanlab('graph', LAN);
    expect(stderr).toBe('');
    expect(exit).toBe(0);
    expect(stdout).toMatch(BEGINS.text);
    expect(stdout).toMatch(/├─ echo {4}10\.50\.1\.10 +tcp-echo\n/);
  });

  test.each(Object.entries(BEGINS))('draws as %s', async (format, begins) => {
    const { exit, stdout } = await lanlab('graph', LAN, '--format', format);
    expect(exit).toBe(0);
    expect(stdout).toMatch(begins);
  });

  test.each([
    ['lan.svg', BEGINS.svg],
    ['lan.mmd', BEGINS.mermaid],
    ['lan.gv', BEGINS.dot],
    ['lan.txt', BEGINS.text],
  ])('into %s, in the format that its ending names', async (name, begins) => {
    const file = join(folder, name);
    const { exit, stdout } = await lanlab('graph', LAN, '-o', file);
    expect(exit).toBe(0);
    expect(stdout).toBe('');
    expect(readFileSync(file, 'utf8')).toMatch(begins);
  });

  test('--format comes before the ending of the file', async () => {
    const file = join(folder, 'other.svg');
    await lanlab('graph', LAN, '--format', 'dot', '-o', file);
    expect(readFileSync(file, 'utf8')).toMatch(BEGINS.dot);
  });

  test.each([
    ['a scenario that is wrong', ['test/wrong-scenarios/step-unknown-host.yaml'], /no host/],
    ['an engine that does not exist', [LAN, '--engine', 'xen'], /Allowed choices are docker, netns/],
    ['a scenario that is not there', ['nowhere.yaml'], /nowhere\.yaml/],
    ['a format that there is not', [LAN, '--format', 'png'], /Allowed choices are text, mermaid, dot, svg/],
    ['a file that cannot be written', [LAN, '-o', 'no/such/folder/x.svg'], /hint: name a file that can be/],
  ])('refuses %s', async (_, args, message) => {
    const { exit, stdout, stderr } = await lanlab('graph', ...args);
    expect(exit).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });
});
