/** A lab whose links cannot be as its scenario says does not come up. */
import { LabError } from '../errors.ts';
import type { LiveHost } from './host.ts';

/** Throws LabError (`unsupported`) with what a host lacks. */
export function refuseLinks(hosts: Iterable<LiveHost>): void {
  for (const { name, plan, capabilities } of hosts) {
    const { frames } = capabilities;
    const card = plan.interfaces.find(({ link }) => link);
    if (!card || frames === true) continue;
    throw new LabError('unsupported', `${name} has a link on ${card.network}, but ${frames.why}`, {
      hint: frames.hint,
    });
  }
}
