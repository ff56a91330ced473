/** Strangers' clients and servers on namespaces, as this machine has them. */
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { describeNeeding } from '../needs.ts';
import { CLOCK_PROGRAMS, clocks } from './clocks.ts';
import { CLIENTS, downloads } from './downloads.ts';
import { ECHO_PROGRAMS, echoes } from './echoes.ts';
import { lackingHere } from './shell.ts';
import { TALKERS, talks } from './talk.ts';

const engine = netnsEngine();
const { lacking } = await engine.probe();
const need = lacking ? 'netns' : 'clients';
const engineLacks = lacking && `${lacking.why}; ${lacking.hint}`;

describeNeeding(need, engineLacks ?? lackingHere(CLIENTS), 'files for strangers on netns', () =>
  downloads(engine, '10.122.1.0/24'),
);
describeNeeding(need, engineLacks ?? lackingHere(TALKERS), 'chat for strangers on netns', () =>
  talks(engine, '10.122.3.0/24'),
);
describeNeeding(need, engineLacks ?? lackingHere(CLOCK_PROGRAMS), 'time for strangers on netns', () =>
  clocks(engine, '10.122.5.0/24'),
);
describeNeeding(need, engineLacks ?? lackingHere(ECHO_PROGRAMS), 'echo for strangers on netns', () =>
  echoes(engine, '10.122.7.0/24', 50_000_000),
);
