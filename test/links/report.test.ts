/** What the result of a run says of its links and faults. */
import { beforeAll, expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { laddersOf } from '../../lab/reports/html/captured.ts';
import type { RunResult } from '../../lab/reports/result.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { describeNeeding } from '../needs.ts';

const LAB = `
lab: told
networks: { lan: { subnet: 10.153.1.0/24, link: { delay: 5ms } } }
hosts:
  bounce: { service: udp-echo, networks: { lan: 10.153.1.10 } }
  echo: { service: tcp-echo, networks: { lan: 10.153.1.11 } }
  alice: { networks: { lan: 10.153.1.21 } }
steps:
  - { fault: { drop: { nth: 2, of: "udp alice > bounce" }, as: gap } }
  - { at: alice, udp: { to: "bounce:9000", send: a }, expect: { receive: A } }
  - { at: alice, udp: { to: "bounce:9000", send: a }, expect: { receive: { nothing: true }, for: 100ms } }
  - { heal: gap }
  - { fault: { duplicate: 100%, on: { in: alice }, only: "udp bounce > *", seed: 5 } }
  - { at: alice, udp: { to: "bounce:9000", send: a }, expect: { receive: A } }
  - { fault: { drop: { nth: 3, of: "tcp alice > echo" } } }
  - { at: alice, tcp: { to: "echo:9000", send: a }, expect: { receive: A } }
`;

const engine = netnsEngine();
const { lacking } = await engine.probe();
const missing = lacking && `${lacking.why}; ${lacking.hint}`;

describeNeeding('netns', missing, 'a run', () => {
  let run: RunResult;
  beforeAll(async () => {
    const scenario = loadScenario(LAB, 'told.yaml', vocabulary);
    run = await runScenario(scenario, { engine, signal: new AbortController().signal, capture: true });
  });

  test('tells what its links and its faults did, those that were healed and those that stood to the end', () => {
    const { links } = run;
    expect(links?.missed).toEqual([]);
    const [link, gap, twice, lost, ...others] = links!.impaired;
    expect(others).toEqual([]);
    expect(link).toMatchObject({ link: 'lan', direction: 'out', does: 'delay 5 ms', dropped: {} });
    expect(link!.frames).toBeGreaterThan(4);
    expect(gap).toMatchObject({ step: 1, direction: 'out', frames: 2, dropped: { nth: 1 }, doubled: 0 });
    expect(gap).not.toHaveProperty('seed');
    expect(twice).toMatchObject({ step: 5, on: 'frames to alice', direction: 'in', seed: 5, doubled: 1 });
    expect(lost).toMatchObject({ step: 7, on: 'frames from alice', dropped: { nth: 1 } });
  });

  test('shows in its ladders which frame was lost, doubled, or held', () => {
    const ladders = [...laddersOf(run)];
    const said = (step: number) =>
      ladders.flatMap(([{ index }, { rows }]) =>
        index === step ? rows.flatMap((row) => (row.kind === 'arrow' ? [row] : [])) : [],
      );
    const lost = said(3).filter(({ fate }) => fate === 'lost');
    expect(lost.map(({ notes }) => notes)).toEqual([
      ['dropped on the cable of alice (one of the named frames)'],
    ]);
    const [asked, answered, copy] = said(6).filter(({ family }) => family === 'udp');
    expect([asked, answered, copy].map((row) => row?.notes)).toEqual([
      [],
      ['doubled on the cable of alice'],
      ['second copy'],
    ]);
    expect(asked!.held).toBeGreaterThanOrEqual(5);
    expect(copy!.held).toBeUndefined();
    const [segment, ...more] = said(8).filter(({ fate }) => fate === 'lost');
    expect(more).toEqual([]);
    expect(segment!.notes).toEqual([
      'dropped on the cable of alice (one of the named frames)',
      expect.stringMatching(/^the retransmission came \d+ ms later$/),
    ]);
    const [again] = said(8).filter(({ notes }) => notes.includes('retransmission'));
    const late = (again!.time - segment!.time) / 1e6;
    expect(Number(/\d+/.exec(segment!.notes[1]!)![0])).toBeGreaterThanOrEqual(Math.round(late));
  });
});
