/** A wrong clock, as those see it who ask the program for the time, and as the host itself sees it. */
import { describe, expect, test } from 'vitest';
import { skew } from '../../lab/faults/skew.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import { hostOf, shell } from '../lab.ts';

/** The lab has a host `clock` whose program is `time`, at 10.NET.1.12, and a host `alice`. */
export function clocks(lab: () => LiveLab, net: number): void {
  describe('a clock that is wrong', () => {
    const host = (name: string) => hostOf(lab(), name);
    const clock = { address: `10.${net}.1.12`, port: 123 };
    const offset = async () =>
      (await host('alice').agent.ntp({ to: clock, version: 4, giveUp: 10_000 })).offset;

    test('is the one that its program tells, and no other', async () => {
      const late = await skew.begin({ host: 'clock', by: -3_600_000 }, lab().hosts);
      expect(late.did).toBe('the clock that clock tells is wrong by -3600 s');
      expect(Math.abs((await offset()) + 3600)).toBeLessThan(60);
      const own = Number(await shell(host('clock'), 'date +%s'));
      expect(Math.abs(own - Date.now() / 1000)).toBeLessThan(60);
      expect(await late.heal()).toBe('the clock that clock tells is right');
      expect(Math.abs(await offset())).toBeLessThan(60);
    });

    test('goes too fast from when it was set', async () => {
      await using _ = await skew.begin({ host: 'clock', rate: 500_000 }, lab().hosts);
      const first = await offset();
      const from = performance.now();
      await shell(host('alice'), `ping -c3 -i0.1 -W5 ${clock.address}`);
      const passed = (performance.now() - from) / 1000;
      expect((await offset()) - first).toBeGreaterThan(passed / 2 - 0.05);
    });
  });
}
