/**
 * The first process of a lab without hosts, in the first mode that works here. To find out whether a mode works, such a
 * process is started. It is kept, and the lab that mostly follows takes it.
 */
import { existsSync, mkdirSync } from 'node:fs';
import type { Capabilities } from '../../agent/protocol.ts';
import { fewDescriptors } from '../few-descriptors.ts';
import { stateFolder } from '../state-folder.ts';
import { type Holder, hold } from './hold.ts';
import { InitNews } from './live.ts';
import { type Mode, modes } from './modes.ts';
import { isShut, keptFolders } from './paths.ts';

export interface Begun {
  holder: Holder;
  told: InitNews;
  capabilities: Capabilities;
  /** The folder of the machine's labs, where it existed and so could be hidden. */
  hidden: string | undefined;
}

/** No mode works: the complaint of the first one. */
export interface Failed {
  complaint: string;
}

let spare: Begun | undefined;

/** The mode that works. Throws LabError where there are too few file descriptors. */
export async function tried(): Promise<Pick<Holder, 'mode'> | Failed> {
  if (spare && alive(spare)) return spare.holder;
  const begun = await begin([]);
  if ('complaint' in begun) return begun;
  if (spare && alive(spare)) await begun.holder[Symbol.asyncDispose]();
  else {
    // Nobody waits for it: it ends with us if no lab takes it.
    begun.holder.idle(true);
    spare = begun;
  }
  return begun.holder;
}

/** For a lab whose programs are in these folders. Throws LabError where there are too few file descriptors. */
export async function begunFor(programs: readonly string[]): Promise<Begun | Failed> {
  makeHidden(stateFolder());
  const left = spare;
  // Nobody else takes it from now on.
  spare = undefined;
  if (left && alive(left) && left.hidden === stateFolder() && !programs.some(isShut)) {
    left.holder.idle(false);
    return left;
  }
  // From now on we wait for it.
  left?.holder.idle(false);
  await left?.holder[Symbol.asyncDispose]();
  return begin(programs);
}

/** Only a folder that exists can be hidden. Another command may put the socket of its lab there while this one is up. */
function makeHidden(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // Then no lab of this user can have a socket in it either.
  }
}

function alive({ holder: { child } }: Begun): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function begin(programs: readonly string[]): Promise<Begun | Failed> {
  const keep = [...(await keptFolders()), ...programs];
  let complaint = '';
  for (const mode of modes()) {
    try {
      return await beginIn(mode, keep);
    } catch (error) {
      const few = fewDescriptors(error);
      if (few) throw few;
      complaint ||= (error as Error).message;
    }
  }
  return { complaint };
}

async function beginIn(mode: Mode, keep: readonly string[]): Promise<Begun> {
  const told = new InitNews();
  const holder = await hold(mode, keep, told.calls);
  const hide = stateFolder();
  const hidden = existsSync(hide) ? hide : undefined;
  try {
    const capabilities = await holder.init.begin({ keep, hide: [hide], lock: mode.ids !== 'none' });
    return { holder, told, capabilities, hidden };
  } catch (error) {
    await holder[Symbol.asyncDispose]();
    throw error;
  }
}
