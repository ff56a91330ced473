/** A trace as it is read from a file beside the scenario. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { printImpairment } from '../../lab/model/link-words.ts';
import { Wrong } from '../../lab/model/reading.ts';
import { loadScenarioFile } from '../../lab/scenario/load.ts';
import { traceOf } from '../../lab/scenario/values/trace.ts';
import { vocabulary } from '../../lab/vocabulary.ts';

describe('a trace', () => {
  test('has a mean rate: so many times 1,504 bytes in the time of its last line', () => {
    expect(traceOf('x', '0\n500\n1000\n')).toEqual({
      trace: { file: 'x', at: [0, 500, 1000] },
      bits: 36_096,
    });
    expect(traceOf('x', '10\r\n10\r\n')).toMatchObject({ trace: { at: [10, 10] } });
  });

  test.each([
    ['', '"x" is empty'],
    ['1\n\n2\n', 'line 2 of "x" is empty'],
    ['1\n2 \n', 'line 2 of "x" is "2 "'],
    ['1\n2.5\n', 'line 2 of "x" is "2.5"'],
    ['-1\n', 'line 1 of "x" is "-1"'],
    ['5\n4\n', 'line 2 of "x" is 4, less than 5 before it'],
    ['0\n0\n', '"x" lasts no time: its last line is 0'],
    ['1\n'.repeat(100), '"x" lets 1203 Mbit/s through on average, and a cable carries 1000'],
    ['1\n'.repeat(500_001), '"x" has 500001 lines'],
  ])('%j is refused with its line', (text, what) => {
    const read = traceOf('x', text);
    expect(read instanceof Wrong && read.what).toBe(what);
  });

  test('is found beside the scenario, for a link and for a fault', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lanlab-trace-'));
    try {
      writeFileSync(join(folder, 'lte.trace'), '0\n1\n2\n4\n');
      const file = join(folder, 'scenario.yaml');
      writeFileSync(
        file,
        `lab: traced
networks: { lan: { subnet: 10.50.1.0/24, link: { rate: { trace: ./lte.trace } } } }
hosts: { alice: { networks: [lan] }, bob: { networks: [lan] } }
steps: [{ fault: { rate: { trace: lte.trace }, on: alice, queue: 20 packets } }]
`,
      );
      const { networks, steps } = await loadScenarioFile(file, vocabulary);
      expect(printImpairment(networks[0]!.link!.both!)).toBe(
        'rate 12.032 Mbit/s on average (trace ./lte.trace) with a queue of 100 ms',
      );
      expect(steps[0]!.args).toMatchObject({ rate: { trace: { at: [0, 1, 2, 4] } } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
