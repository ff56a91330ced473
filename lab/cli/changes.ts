/** The differences between a lab that is up and its scenario, for a person. */
import type { PlanDiff } from '../daemon/diff.ts';
import type { PlannedHost, PlannedNetwork } from '../model/planned.ts';
import { painter } from '../reports/paint.ts';
import type { TextOptions } from '../reports/text.ts';

/** A line for each network and host that changes, then the number of hosts that do not. */
export function changesText({ networks, hosts, order }: PlanDiff, options: TextOptions): string {
  const paint = painter(options);
  const added = (what: string) => paint('green', `+ ${what}`);
  const removed = (what: string) => paint('red', `- ${what}`);
  const changed = (what: string) => paint('yellow', `~ ${what}`);
  const left = order.hosts.length - hosts.added.length - hosts.changed.length;
  const lines = [
    ...networks.added.map((network) => added(networkText(network))),
    ...networks.changed.map((network) => changed(networkText(network))),
    ...networks.removed.map((name) => removed(`network ${name}`)),
    ...hosts.added.map((host) => added(hostText(host))),
    ...hosts.changed.map(({ host, what }) =>
      changed(`${hostText(host)} (taken down and brought up again: ${what.join(', ')})`),
    ),
    ...hosts.removed.map((name) => removed(`host ${name}`)),
    ...(left > 0
      ? [paint('dim', `= ${left === 1 ? '1 host goes' : `${left} hosts go`} on as they are`)]
      : []),
  ];
  return lines.map((line) => `  ${line}\n`).join('');
}

const networkText = ({ name, subnets }: PlannedNetwork) =>
  `network ${name} ${subnets.map(({ subnet }) => subnet).join(' ')}`;

const hostText = ({ name, interfaces }: PlannedHost) =>
  `host ${name} ${interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)).join(' ')}`;
