/** A host where Debian's inetd has its own echo, daytime and time, each over TCP and UDP. */
import type { WrittenHost } from 'lanlab';
import type { Engine } from '../../lab/engines/engine.ts';
import { strangersOn } from './shell.ts';

const CONF = '/srv/inetd.conf';
const LINES = ['echo', 'daytime', 'time'].flatMap((service) => [
  `${service} stream tcp nowait root internal`,
  `${service} dgram udp wait root internal`,
]);

export function inetd(engine: Engine): WrittenHost {
  const files = { [CONF]: `${LINES.join('\n')}\n` };
  return { ...strangersOn(engine), networks: ['lan'], command: ['inetd', '-d', '-i', CONF], files };
}
