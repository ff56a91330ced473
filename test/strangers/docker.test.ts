/** Strangers' clients and servers on Docker, in an image of Debian's packages. */
import { engineNamed } from '../../lab/engines/index.ts';
import { describeNeeding } from '../needs.ts';
import { clocks } from './clocks.ts';
import { downloads } from './downloads.ts';
import { echoes } from './echoes.ts';
import { talks } from './talk.ts';

const engine = engineNamed('docker');
const { lacking } = await engine.probe();
const none = lacking && `${lacking.why}; ${lacking.hint}`;

describeNeeding('docker', none, 'files for strangers on docker', () => downloads(engine, '10.122.2.0/24'));
describeNeeding('docker', none, 'time for strangers on docker', () => clocks(engine, '10.122.8.0/24'));
describeNeeding('docker', none, 'echo for strangers on docker', () =>
  echoes(engine, '10.122.6.0/24', 50_000_000),
);
describeNeeding('docker', none, 'chat for strangers on docker', () => talks(engine, '10.122.4.0/24'));
