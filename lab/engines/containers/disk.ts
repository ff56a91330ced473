/**
 * The disk of a host that a step fills: volumes of a fixed size in memory, which the host's agent and its program share. So a
 * full disk of a host never fills the disk of the machine.
 */
import type Docker from 'dockerode';
import { DISK } from '../../agent/protocol.ts';
import { materialise } from '../../model/bytes.ts';
import type { PlannedHost } from '../../model/planned.ts';
import { type Lab, labelsOf } from './labels.ts';

/** Bytes of each volume, beside those of the host's files. */
const ROOM = 16 * 1024 * 1024;
const PAGE = 4096;

type Whose = Pick<PlannedHost, 'name' | 'files' | 'disk'>;

export function isOnDisk({ disk }: Pick<PlannedHost, 'disk'>, path: string): boolean {
  return disk === true && DISK.some((folder) => path.startsWith(`${folder}/`));
}

/** They have names, so that a program which is started again finds what it wrote. The lab removes them by their labels. */
export function disk(lab: Lab, host: Whose): Docker.MountConfig {
  if (!host.disk) return [];
  return DISK.map((folder) => ({
    Type: 'volume',
    Source: `lanlab-${lab.id}-${host.name}${folder.replace('/', '.')}`,
    Target: folder,
    VolumeOptions: {
      NoCopy: false,
      Labels: labelsOf(lab, host.name),
      DriverConfig: {
        Name: 'local',
        Options: { type: 'tmpfs', device: 'tmpfs', o: `size=${sizeOf(host, folder)}` },
      },
    },
  }));
}

function sizeOf({ files }: Whose, folder: string): number {
  const there = files.filter(({ path }) => path.startsWith(`${folder}/`));
  return there.reduce((sum, { content }) => sum + Math.ceil(materialise(content).length / PAGE) * PAGE, ROOM);
}
