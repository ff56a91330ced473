/** Files of hosts that stand beside the scenario (`{ from: ./x.py }`). */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { materialise } from '../../lab/model/bytes.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { MOST_FROM } from '../../lab/scenario/values/file-value.ts';
import { vocabulary } from '../../lab/vocabulary.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanlab-from-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const load = (content: string) =>
  loadScenario(
    `lab: demo\nnetworks: { lan: 10.50.1.0/24 }\nhosts: { pc: { networks: [lan], files: { /srv/x: ${content} } } }`,
    join(folder, 'demo.yaml'),
    vocabulary,
  ).hosts[0]!.files[0]!;

test.each([
  ['text', Buffer.from('print("ä")\n')],
  ['bytes that are no text', Buffer.from([0, 0xff, 0xfe, 10])],
  ['nothing', Buffer.alloc(0)],
])('%s comes from the folder of the scenario, byte for byte', (_, bytes) => {
  writeFileSync(join(folder, 'x.py'), bytes);
  const { path, content } = load('{ from: ./x.py }');
  expect(path).toBe('/srv/x');
  expect(materialise(content).equals(bytes)).toBe(true);
});

test('one that is too large is refused without being read', () => {
  const large = join(folder, 'large');
  writeFileSync(large, '');
  truncateSync(large, MOST_FROM + 1);
  expect(() => load('{ from: large }')).toThrow(`"large" has ${MOST_FROM + 1} bytes`);
});

test('what is no file of bytes is refused: nobody waits for its end', () => {
  expect(() => load('{ from: /dev/zero }')).toThrow('"/dev/zero" is not a file');
});

test.each([
  ['{ text: hello, mode: "0755" }', 0o755],
  ['{ random: 1KiB, seed: a, mode: "600" }', 0o600],
  ['{ text: hello }', undefined],
  ['hello', undefined],
])('%s has its mode', (content, mode) => {
  expect(load(content).mode).toBe(mode);
});
