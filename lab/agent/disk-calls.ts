/** The call that fills a host's disk, and what this disk is. */
import type { Handle } from './opened.ts';

/** The folders of a host that are its disk. */
export const DISK = ['/srv', '/tmp'];

export interface DiskCalls {
  /**
   * From now on a write that needs room in a folder of DISK is refused (ENOSPC). `close` gives the room back. `shared` where
   * these folders are on the machine's own disk: then nothing is filled.
   */
  fillDisk(): Promise<{ handle: Handle } | 'shared'>;
}
