/** The rooms: one that is always there and has the people over UDP, and those that people over IRC make and leave. */
import { History } from './history.ts';
import type { Room } from './model.ts';
import { folded } from './name.ts';

/** The room in which people over UDP speak. */
export const COMMON_ROOM = '#lan';
/** The characters of a room's name (RFC 2812 section 2.3.1): no space, comma, colon or control character. */
const ROOM = /^#[^\s,:\p{C}]{1,49}$/u;
export const ROOM_NAME_LIMIT = 50;
/** Each may keep 50 lines. */
const ROOMS = 1000;

export class Rooms {
  readonly common = made(COMMON_ROOM);
  readonly #byName = new Map([[folded(COMMON_ROOM), this.common]]);

  get full(): boolean {
    return this.#byName.size >= ROOMS;
  }

  get count(): number {
    return this.#byName.size;
  }

  all(): IterableIterator<Room> {
    return this.#byName.values();
  }

  named(name: string): Room | undefined {
    return this.#byName.get(folded(name));
  }

  make(name: string): Room {
    const room = made(name);
    this.#byName.set(folded(name), room);
    return room;
  }

  /** A room that everybody has left is gone, with its topic and its lines. */
  left(room: Room): void {
    if (room.members.size === 0 && room !== this.common) this.#byName.delete(folded(room.name));
  }
}

export function isRoomName(text: string): boolean {
  return ROOM.test(text);
}

function made(name: string): Room {
  return { name, members: new Set(), history: new History() };
}
