/** A part of a text. */

/** Some of a text's characters. */
export interface Part {
  /** Of the first, from 0. */
  from: number;
  length: number;
}
