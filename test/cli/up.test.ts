/** `lanlab up` and `lanlab down`: a lab that stays, and one that is changed while it is up. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labsThatStay } from './labs-that-stay.ts';
import { type Staying, staying } from './staying.ts';

await labsThatStay('netns');

describe('labs', () => {
  let here: Staying;
  beforeAll(async () => {
    here = await staying();
  });
  afterAll(() => here[Symbol.asyncDispose]());

  test('of which none is up are no error to list, and one to go into', async () => {
    expect(await here.said('ps')).toContain('no lab is up (lanlab up SCENARIO brings one up)');
    expect(JSON.parse(await here.said('ps', '--json'))).toEqual([]);
    for (const args of [['exec', 'alice', '--', 'true'], ['logs'], ['inspect'], ['shell', 'alice']]) {
      const { exit, stderr } = await here.lanlab(...args);
      expect([exit, stderr]).toEqual([2, 'lanlab: no lab is up\n  hint: bring one up: lanlab up SCENARIO\n']);
    }
  });
});
