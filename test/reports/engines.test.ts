/** The table of engines: what each can do, and the rate of a link that its cables carry. */
import { expect, test } from 'vitest';
import { CAPABILITIES, type Capabilities } from '../../lab/agent/protocol.ts';
import { FASTEST } from '../../lab/model/link.ts';
import { enginesText } from '../../lab/reports/engines.ts';

const all = Object.fromEntries(CAPABILITIES.map((name) => [name, true])) as unknown as Capabilities;
const linesOf = (text: string) => text.split('\n').map((line) => line.trim());

test('an engine whose cables can be carried says up to which rate, and another one why not', () => {
  const lacking = { why: 'the kernel opens no packet socket (errno 1)', hint: 'give the host CAP_NET_RAW' };
  const rows = [
    { report: { name: 'docker' as const }, capabilities: all, fastest: FASTEST },
    { report: { name: 'netns' as const }, capabilities: { ...all, frames: lacking } },
  ];
  const lines = linesOf(enginesText(rows, { colour: false }));
  const [first, second] = lines.flatMap((line, index) => (/^[✓-] frames/.test(line) ? [index] : []));
  expect(lines[first! + 1]).toBe('rate  of a link, up to 1 Gbit/s');
  expect(lines[second! + 1]).toBe('why   the kernel opens no packet socket (errno 1)');
  expect(lines.filter((line) => line.startsWith('rate'))).toHaveLength(1);
});
