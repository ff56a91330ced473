/** Strangers' clients on namespaces, as this machine has them. */
import { spawnSync } from 'node:child_process';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { describeNeeding } from '../needs.ts';
import { CLIENTS, downloads } from './downloads.ts';

const engine = netnsEngine();
const { lacking } = await engine.probe();
const missing = CLIENTS.filter((client) => spawnSync('sh', ['-c', `command -v ${client}`]).status !== 0);
const none =
  missing.length > 0 ? `no ${missing.join(', ')} here; scripts/test-tools.sh installs them` : undefined;

describeNeeding(
  lacking ? 'netns' : 'clients',
  lacking ? `${lacking.why}; ${lacking.hint}` : none,
  'files for strangers on netns',
  () => downloads(engine, '10.122.1.0/24'),
);
