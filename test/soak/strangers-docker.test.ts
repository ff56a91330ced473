/** Strangers' clients on Docker, in an image of Debian's packages. */
import { engineNamed } from '../../lab/engines/index.ts';
import { describeNeeding } from '../needs.ts';
import { downloads } from '../strangers/downloads.ts';
import { talks } from '../strangers/talk.ts';

const engine = engineNamed('docker');
const { lacking } = await engine.probe();

const lack = lacking && `${lacking.why}; ${lacking.hint}`;

describeNeeding('docker', lack, 'files for strangers on docker', () => downloads(engine, '10.122.2.0/24'));
describeNeeding('docker', lack, 'chat for strangers on docker', () => talks(engine, '10.122.4.0/24'));
