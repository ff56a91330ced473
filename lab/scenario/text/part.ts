/** A part of a text. */

/** Some of a text's characters. */
export interface Part {
  /** The index of the first character, from 0. */
  from: number;
  length: number;
}
