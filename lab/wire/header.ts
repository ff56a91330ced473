/** What every layer of a frame has: where its header lies in the frame’s bytes. */

/** Where a layer's header lies in the frame: `start` inclusive, `end` exclusive. */
export interface Header {
  readonly start: number;
  readonly end: number;
}
