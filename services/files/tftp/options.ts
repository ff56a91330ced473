/** The options of a request (RFC 2347) → the settings of its transfer, and the options that the server accepts. */

export interface Settings {
  /** Bytes of a block (RFC 2348). */
  readonly blockBytes: number;
  /** Blocks that may be on their way at once (RFC 7440). */
  readonly window: number;
  /** Milliseconds until a packet is sent again, where the client has said so (RFC 2349). */
  readonly timeoutMs: number | undefined;
  /** As the server answers them; none means that the transfer begins without such an answer. */
  readonly accepted: ReadonlyMap<string, string>;
}

/** Without the option (RFC 1350). */
const BLOCK_BYTES = 512;
/** RFC 2348: from 8 to so many. */
const BLOCK_LIMIT = 65_464;
/** At most so many blocks, and at most so many bytes of them, are on their way and kept to be sent again. */
export const WINDOW = 64;
export const WINDOW_BYTES = 65_536;

/** `size` is that of the file as it is sent, or undefined where nobody knows it yet. */
export function settingsFrom(options: ReadonlyMap<string, string>, size: number | undefined): Settings {
  const accepted = new Map<string, string>();
  const take = (name: string, least: number, most: number): number | undefined => {
    const asked = numberIn(options.get(name), least);
    if (asked === undefined) return undefined;
    const taken = Math.min(asked, most);
    accepted.set(name, `${taken}`);
    return taken;
  };
  const blockBytes = take('blksize', 8, BLOCK_LIMIT) ?? BLOCK_BYTES;
  const fitting = Math.max(1, Math.floor(WINDOW_BYTES / blockBytes));
  const window = take('windowsize', 1, Math.min(WINDOW, fitting)) ?? 1;
  // RFC 2349: the server takes the number as it is, or leaves the option out.
  const seconds = numberIn(options.get('timeout'), 1);
  const timed = seconds !== undefined && seconds <= 255;
  if (timed) accepted.set('timeout', `${seconds}`);
  if (options.has('tsize') && size !== undefined) accepted.set('tsize', `${size}`);
  return { blockBytes, window, timeoutMs: timed ? seconds * 1000 : undefined, accepted };
}

function numberIn(text: string | undefined, least: number): number | undefined {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  return Number(text) < least ? undefined : Number(text);
}
