/** Checks on the events and lines of a host whose machine is gone: what was not heard may have happened all the same. */
import type { LiveHost } from '../live/host.ts';
import type { Check } from './check.ts';

/** Checks that did not hold, or rest on what did not come, are incomplete where nothing of their host can come any more. */
export function judgedUnheard(hosts: ReadonlyMap<string, LiveHost>, checks: readonly Check[]): Check[] {
  return checks.map((check) => {
    if (check.kind !== 'seen' && check.kind !== 'said') return check;
    const lost = hosts.get(check.by)?.events.lost;
    if (!lost || restsOnWhatCame(check)) return check;
    const { what, expected = 'a host that is heard', found = what } = check;
    return { ...check, held: false, incomplete: true, expected, found, why: lost.message };
  });
}

/** Whether the check holds whatever else there was. */
export function restsOnWhatCame({ held, absence }: Check): boolean {
  return held && absence !== true;
}
