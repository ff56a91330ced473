/** Takes all room in the folders of a host in which its programs write, and gives it back. */
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { DISK, type DiskCalls } from './disk-calls.ts';
import type { Closable, Handles } from './handles.ts';
import { tool } from './tool.ts';

/** The type of a file system that has a size of its own and is in memory (linux/magic.h). */
const TMPFS = 0x01021994;
/** Bytes that are filled at most, so that a full disk does not cost the machine its memory. */
const MOST = 64 * 1024 * 1024;
/** The room in a folder that was made smaller: some, because its programs may write until it is filled. */
const LEFT = 1024 * 1024;
const PIECE = 1024 * 1024;
const PAGE = 4096;

export function diskCalls(handles: Handles): DiskCalls {
  return {
    fillDisk: async () => {
      const folders = DISK.flatMap((folder) => sizeOf(folder) ?? []);
      if (folders.length === 0 || folders.some(({ apart }) => !apart)) return 'shared';
      const full = new Full();
      try {
        for (const folder of folders) await full.fill(folder);
      } catch (error) {
        await full.close();
        throw error;
      }
      return { handle: handles.keep(full) };
    },
  };
}

interface Folder {
  path: string;
  /** It is on a file system with a size of its own. */
  apart: boolean;
  /** Bytes. */
  size: number;
  free: number;
}

/** Undefined where there is no such folder. This thread alone may be in the host's mount namespace, so no call leaves it. */
function sizeOf(path: string): Folder | undefined {
  try {
    const { type, bsize, blocks, bfree } = statfsSync(path);
    return { path, apart: type === TMPFS && blocks > 0, size: blocks * bsize, free: bfree * bsize };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

class Full implements Closable {
  readonly #undo: (() => Promise<unknown>)[] = [];

  async fill({ path, size, free }: Folder): Promise<void> {
    if (free > MOST) {
      await resize(path, size - free + LEFT);
      this.#undo.push(() => resize(path, size));
    }
    const file = nameless(path);
    this.#undo.push(async () => closeSync(file));
    writeUntilFull(file);
  }

  async close(): Promise<void> {
    const results = await Promise.allSettled(this.#undo.splice(0).map((undo) => undo()));
    const failed = results.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

/** With a source and a type, `mount` does not take over the options that the kernel shows: their ids are not the host's. */
async function resize(folder: string, bytes: number): Promise<void> {
  const options = `remount,nosuid,nodev,size=${bytes}`;
  await tool(['mount', '-i', '-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
}

/** An open file that no listing shows. The kernel frees its room when it is closed, or when the agent ends. */
function nameless(folder: string): number {
  const path = `${folder}/.${randomUUID()}`;
  const file = openSync(path, 'wx', 0o600);
  rmSync(path);
  return file;
}

function writeUntilFull(file: number): void {
  for (let bytes = Buffer.alloc(PIECE); bytes.length >= PAGE; ) {
    try {
      writeSync(file, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      bytes = bytes.subarray(0, bytes.length / 2);
    }
  }
}
