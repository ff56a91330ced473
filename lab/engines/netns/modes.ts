/**
 * How the lab's namespaces are owned. For every user that runs a lab, root of a host is nobody on the machine. An ordinary
 * user has a user namespace in which only that user exists, and root has one whose users exist nowhere else.
 */
import { readFileSync } from 'node:fs';

export interface Mode {
  /** For a person. */
  name: string;
  /** The source of the ids of the user namespace; `none`: there is no user namespace. */
  ids: 'own' | 'subordinate' | 'one' | 'none';
}

const OWN_IDS: Mode = { name: 'as root', ids: 'own' };
const MACHINE_ROOT: Mode = { name: "as the machine's root", ids: 'none' };
const MANY_IDS: Mode = { name: 'rootless, subordinate ids', ids: 'subordinate' };
const ONE_ID: Mode = { name: 'rootless', ids: 'one' };

/** With this variable, root asks for hosts whose root is root of the machine: see docs/isolation.md. */
const AS_MACHINE_ROOT = 'LANLAB_MACHINE_ROOT';

/** The first that works is taken. */
export function modes(): Mode[] {
  if (process.getuid?.() !== 0) return [MANY_IDS, ONE_ID];
  if (process.env[AS_MACHINE_ROOT] === '1') return [MACHINE_ROOT];
  // Root of a container that has a user namespace already is nobody on the machine as it is.
  return isMachinesRoot() ? [OWN_IDS] : [OWN_IDS, ONE_ID];
}

export const MACHINE_ROOT_HINT =
  `or set ${AS_MACHINE_ROOT}=1: then root of a host is root of this machine, and only read-only mounts are ` +
  'between what runs there as root and its files';

/** The namespace that the machine began with maps every id to itself (user_namespaces(7)). */
export function isMachinesRoot(): boolean {
  return /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8').trim());
}

/** Ids that no distribution and no container manager gives away. 65,536 of them, so that there is a `nobody` (65534). */
export const ID_MAP = '0 2000000000 65536\n';
