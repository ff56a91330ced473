/**
 * A frame's bytes as layers. Each layer checks its length once, when it is opened. After that its fields are read
 * where they lie, and only when they are needed, so a frame costs few small objects. Nothing is thrown for any
 * bytes: the frame has the layers that are whole, and says what is missing.
 */
import { readLink } from './decode-link.ts';
import { DecodedFrame } from './decoded-frame.ts';
import type { Frame } from './frame.ts';
import { LINK } from './link-types.ts';

/**
 * `length` is that of the frame on the wire: more than the bytes where the capture cut it. `linkType` is its link type.
 * For a link type that is not read here, the frame has no layers, and no trouble.
 */
export function decode(
  bytes: Uint8Array,
  length: number = bytes.length,
  linkType: number = LINK.ethernet,
): Frame {
  const frame = new DecodedFrame(bytes, length, linkType);
  const trouble = readLink(frame);
  if (trouble !== undefined) frame.stop(trouble);
  return frame;
}
