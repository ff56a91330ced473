/** One timeline over three machines, also where the clock of one is five seconds ahead. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { swarmEngine } from '../../lab/engines/swarm/engine.ts';
import { bringUpOn } from '../../lab/live/plan-on-engine.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import { laddersOf } from '../../lab/reports/html/captured.ts';
import type { RunResult } from '../../lab/reports/result.ts';
import { runSteps } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { describeNeeding } from '../needs.ts';
import { captureAhead, withClockAhead } from './ahead.ts';
import { lacking, pointToManager } from './nodes.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const LAB = (net: number) => `
lab: clocks
networks: { lan: 10.${net}.1.0/24 }
hosts:
  alice: { networks: [lan], on: a }
  echo: { service: tcp-echo, networks: [lan], on: b }
  carol: { networks: [lan], on: c }
`;

const TALK = `
  - name: an answer comes after its question, on whatever machine
    at: alice
    tcp: { to: "echo:9000", send: hello }
    expect:
      receive: HELLO
      seen: { by: echo, event: receive, text: hello }
      wire:
        - in_order:
            - { alice: "tcp alice > echo SYN" }
            - { echo: "tcp alice > echo SYN" }
            - { echo: "tcp echo > alice SYN+ACK" }
            - { alice: "tcp echo > alice SYN+ACK" }
            - { alice: "tcp alice > echo len=5" }
            - { echo: "tcp echo > alice len=5" }
`;

/** A ping to one machine, and when it has come back one to another. */
const pings = (first: string, second: string) => `
  - name: ${first} before ${second}
    at: alice
    exec: { run: "ping -c 1 echo && ping -c 1 carol" }
    expect:
      wire: { in_order: [{ ${first}: "icmp alice > ${first} echo-request" }, { ${second}: "icmp alice > ${second} echo-request" }] }
      within: 500ms
`;

/** Two machines receive one broadcast, at nearly the same time. */
const broadcast = (first: string, second: string) => `
  - name: ${first} before ${second}
    at: alice
    udp: { to: "broadcast:9300", send: hello }
    expect:
      wire: { in_order: [{ ${first}: "udp alice > broadcast:9300" }, { ${second}: "udp alice > broadcast:9300" }] }
      within: 500ms
`;

describeNeeding('swarm', lacking, 'one timeline over three machines', () => {
  describe.each([
    { title: 'of which one is five seconds ahead', seconds: 5, net: 172 },
    { title: 'with one clock', seconds: 0, net: 173 },
  ])('$title', ({ seconds, net }) => {
    let lab: LiveLab;
    const engine = withClockAhead(swarmEngine(), 'b', seconds);
    const signal = new AbortController().signal;
    const scenarioOf = (steps: string) =>
      loadScenario(`${LAB(net)}steps:${steps}`, 'clocks.yaml', vocabulary);
    const run = (steps: string): Promise<RunResult> => runSteps(scenarioOf(steps), lab, { engine, signal });

    beforeAll(async () => {
      pointToManager();
      lab = await bringUpOn(engine, scenarioOf(TALK), { progress: () => {}, signal });
      captureAhead(lab, 'b', seconds);
    });
    afterAll(() => lab?.[Symbol.asyncDispose]());

    test('the clocks are compared, and the true distance is within the uncertainty', async () => {
      const { clocks, steps } = await run(TALK);
      expect(steps.flatMap(({ checks }) => checks.filter(({ held }) => !held))).toEqual([]);
      const told = clocks!.map(({ machines, ahead, uncertainty }) => {
        const off = Number(machines[1] === 'b') - Number(machines[0] === 'b');
        console.log(`${machines.join(', ')}: ${ahead.toFixed(3)} ms, to within ${uncertainty.toFixed(3)} ms`);
        expect(Math.abs(ahead - off * seconds * 1000)).toBeLessThanOrEqual(uncertainty);
        // Far less than the clocks are apart: otherwise the frames would tell nothing.
        expect(uncertainty).toBeLessThan(50);
        return machines.join(' ');
      });
      expect(told).toEqual(['a b', 'a c', 'b c']);
    });

    test('the frames of a ladder are in order, and each came to its receiver', async () => {
      const result = await run(TALK);
      const [ladder] = [...laddersOf(result).values()];
      const arrows = ladder!.rows.flatMap((row) =>
        row.kind === 'arrow' && row.family === 'tcp' ? [row] : [],
      );
      expect(arrows.slice(0, 2).map(({ label }) => label.split(' ')[0])).toEqual(['SYN', 'SYN+ACK']);
      expect(arrows.filter(({ fate }) => fate !== 'arrived')).toEqual([]);
      expect(arrows.every(({ seen }) => seen.sightings.length === 2)).toBe(true);
      const times = arrows.map(({ time }) => time);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
      // All within the step, whatever the clock of the machine said.
      expect(Math.max(...times) / 1e6).toBeLessThan(seconds === 0 ? Number.POSITIVE_INFINITY : 4000);
    });

    test('an order across machines holds where it must, and does not where it is the other one', async () => {
      const { steps } = await run(pings('echo', 'carol') + pings('carol', 'echo'));
      expect(steps.map(({ status }) => status)).toEqual(['held', 'failed']);
    });

    test('an order across machines is incomplete where two frames are too near', async () => {
      // A busy machine may receive a broadcast much later than another: then the order is certain.
      for (let left = 20; ; left--) {
        const { steps } = await run(broadcast('echo', 'carol') + broadcast('carol', 'echo'));
        if (left > 0 && steps.some(({ status }) => status !== 'incomplete')) continue;
        expect(steps.map(({ status }) => status)).toEqual(['incomplete', 'incomplete']);
        const [check] = steps[0]!.checks.filter(({ held }) => !held);
        expect(check?.found).toMatch(
          /^frame \d+ `udp .*` at echo and frame \d+ `.*` at carol are 0\.\d+ ms apart$/,
        );
        expect(check?.why).toMatch(
          /^the clocks of the machines b and c are known to \d+\.\d+ ms, so the order/,
        );
        break;
      }
    });
  });
});
