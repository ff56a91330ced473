/** A host's files lie on volumes that its agent writes and its program reads. */
import { posix } from 'node:path';
import type { PlannedHost } from '../../model/planned.ts';

/** The folders that hold the host's files, without those inside another of them. */
export function fileFolders({ files }: PlannedHost): string[] {
  const folders = [...new Set(files.map(({ path }) => posix.dirname(path)))].sort();
  const within = (folder: string, other: string) =>
    folder !== other && folder.startsWith(other === '/' ? '/' : `${other}/`);
  return folders.filter((folder) => !folders.some((other) => within(folder, other)));
}

export interface FileVolume {
  volume: string;
  folder: string;
}

/** None where the host has no program: its agent has the files for itself. */
export function fileVolumes(host: PlannedHost): FileVolume[] {
  if (!host.program) return [];
  return fileFolders(host).map((folder, index) => ({ volume: `${host.name}-files-${index}`, folder }));
}
