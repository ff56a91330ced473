/** The common part of all layers of a frame. */

/** Where a layer's header lies in the frame: `start` inclusive, `end` exclusive. */
export interface Header {
  readonly start: number;
  readonly end: number;
}
