/** A bug that is planted in a cause: the run ends with it, and nobody takes it for a cause that was not found. */
import { expect, test, vi } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { describeNeeding } from '../needs.ts';

vi.mock('../../lab/causes/cut.ts', () => ({
  cut: {
    word: 'cut',
    find: async () => {
      throw new TypeError('planted: it is not what it was taken for');
    },
  },
}));

const engine = netnsEngine();
const { lacking } = await engine.probe();

describeNeeding(engine.name, lacking && `${lacking.why}; ${lacking.hint}`, 'a bug in a cause', () => {
  test('ends the run, with its stack', async () => {
    const scenario = loadScenario(
      `
lab: planted
networks: { lan: 10.93.140.0/24 }
hosts: { alice: { networks: { lan: 10.93.140.21 } }, echo: { networks: { lan: 10.93.140.10 } } }
steps: [{ at: alice, udp: { to: "echo:9000", send: x }, expect: { receive: X, within: 100ms } }]
`,
      'planted.yaml',
      vocabulary,
    );
    const run = runScenario(scenario, { engine, signal: new AbortController().signal });
    const bug = await run.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(bug).toBeInstanceOf(TypeError);
    expect((bug as TypeError).stack).toContain('planted-bug.test.ts');
  });
});
