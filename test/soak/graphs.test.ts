/** Random labs on namespaces, thirty small ones and thirty of 20 networks and 60 hosts: everybody reaches everybody as planned. */
import fc from 'fast-check';
import { test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { describeNeeding } from '../needs.ts';
import { everybodyReachesEverybody } from '../topology/everybody.ts';
import { graphs } from '../topology/graphs.ts';

const MINUTES = 60_000;
const { lacking } = await netnsEngine().probe();

describeNeeding('netns', lacking && `${lacking.why}; ${lacking.hint}`, 'labs of any shape', () => {
  test.each([
    ['up to 5 networks and 10 hosts', { networks: 5, hosts: 10 }, false],
    ['20 networks and 60 hosts', { networks: 20, hosts: 60 }, true],
  ])(
    'every pair of hosts of any of thirty of %s reaches each other as planned',
    async (_, size, exactly) => {
      await fc.assert(
        fc.asyncProperty(graphs(size, exactly), async (scenario) => {
          await everybodyReachesEverybody(scenario);
        }),
        { numRuns: 30, endOnFailure: true },
      );
    },
    60 * MINUTES,
  );
});
