/**
 * The keeper of a lab's part on one node: it joins the node to the others, and takes the part away when the command is gone.
 * Calls come in over standard input, and answers go out over standard output. Its one argument is the id of the lab.
 */
import { Duplex } from 'node:stream';
import { toolPath } from '../agent/capabilities.ts';
import { openChannel } from '../agent/channel.ts';
import { readClock } from '../agent/wall-clock.ts';
import { type KeeperCalls, LEASE } from './calls.ts';
import { livingLabs, takeAway } from './docker.ts';
import { Ports } from './ports.ts';
import { Probes } from './probes.ts';
import { sweepTables } from './shut-out.ts';

process.env.PATH = toolPath();
const [lab = ''] = process.argv.slice(2);
const ports = new Ports(lab);
const probes = new Probes(lab);
let ending: Promise<void> | undefined;
const lease = setTimeout(over, LEASE);
const calls: KeeperCalls = {
  beat: async () => {
    if (ending) throw new Error('its keeper has ended');
    lease.refresh();
  },
  clock: async () => readClock(),
  ways: (addresses) => ports.ways(addresses),
  join: (request) => ports.join(request),
  expectProbes: (addresses, number) => probes.expect(addresses, number),
  probe: (local, addresses, number) => probes.send(local, addresses, number),
  probed: () => probes.heard(),
  shutOut: (addresses) => ports.shutOut(addresses),
  part: (bridges) => (bridges ? ports.part(bridges) : end()),
};
// Nobody waits for it: what is left of another lab stands in nobody's way.
void ports.sweep(livingLabs).catch(() => {});
void sweepTables(livingLabs).catch(() => {});
const stream = Duplex.from({ readable: process.stdin, writable: process.stdout });
openChannel<object, KeeperCalls>(stream, calls);
process.stdin.once('end', over).once('close', over);
process.stdout.on('error', over);
stream.on('error', over);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, over);

function over(): void {
  ending ??= end().then(() => takeAway(lab));
  void ending.finally(() => process.exit());
}

/** A rule that cannot be removed keeps no port open. */
async function end(): Promise<void> {
  await ports.shutOut([]).catch(() => {});
  await ports.part();
}
