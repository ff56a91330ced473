/** The kernel's memory for captures. It holds frames that are not read yet, each in a slot of the MTU's size. */

const MEBI = 1024 * 1024;
/** Bytes of one capture: 20,000 frames at an MTU of 1,500, or a quarter of a second at 75,000 frames a second. */
const MOST = 32 * MEBI;
/** 1,250 frames. */
export const LEAST_ROOM = 2 * MEBI;
/** Bytes of all captures together, as long as each can have the least. */
const ALL = 1024 * MEBI;

/** Bytes for each of so many captures: whole KiB. */
export function roomOf(captures: number): number {
  const share = Math.floor(ALL / captures / 1024) * 1024;
  return Math.min(MOST, Math.max(LEAST_ROOM, share));
}
