/** The kernel's memory for captures: what has come and is not read yet lies there, a slot of the MTU's size a frame. */

const MEBI = 1024 * 1024;
/** Bytes of one capture: 20,000 frames at an MTU of 1,500, which is a quarter of a second of 75,000 a second. */
const MOST = 32 * MEBI;
/** 1,250 frames. */
export const LEAST_ROOM = 2 * MEBI;
/** Of all captures together, as long as each can have the least. */
const ALL = 1024 * MEBI;

/** Bytes for each of so many captures: whole KiB. */
export function roomOf(captures: number): number {
  const share = Math.floor(ALL / captures / 1024) * 1024;
  return Math.min(MOST, Math.max(LEAST_ROOM, share));
}
