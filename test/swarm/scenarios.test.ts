/** Five scenarios on three machines, each host on another machine than the one before it, and the README's own as it is. */
import { beforeAll, expect, test } from 'vitest';
import { lanlab } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';
import { lacking, pointToManager } from './nodes.ts';
import { FEW, scenariosHold } from './spread.ts';

scenariosHold(FEW);

describeNeeding('swarm', lacking, "the scenario of README's first screen", () => {
  beforeAll(pointToManager);

  test('runs unchanged, and the report says which host stood where', async () => {
    const { exit, stdout } = await lanlab(
      'run',
      'scenarios/01-lan.yaml',
      '--engine',
      'swarm',
      '--on-conflict',
      'wait',
    );
    expect(stdout).toMatch(/50 steps held: 95 of 95 checks, on swarm \(/);
    const hosts = stdout.split('\n').filter((line) => /^ {2}[├└]─ /.test(line));
    expect(hosts).toHaveLength(8);
    for (const host of hosts) expect(host).toMatch(/ on [abc](,|$)/);
    expect(exit).toBe(0);
  }, 600_000);
});
