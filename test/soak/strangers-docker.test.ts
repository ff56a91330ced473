/** Strangers' clients on Docker, in an image of Debian's packages. */
import { engineNamed } from '../../lab/engines/index.ts';
import { describeNeeding } from '../needs.ts';
import { downloads } from '../strangers/downloads.ts';

const engine = engineNamed('docker');
const { lacking } = await engine.probe();

describeNeeding('docker', lacking && `${lacking.why}; ${lacking.hint}`, 'files for strangers on docker', () =>
  downloads(engine, '10.122.2.0/24'),
);
