/** One field of a layer, as a page shows it beside the bytes. */

export interface ExplainedField {
  name: string;
  value: string;
  /** The bytes it lies in, from the frame's first: `start` inclusive, `end` exclusive. */
  start: number;
  end: number;
  /** The meaning of the value: `right`, `SYN+ACK`. */
  note?: string;
}

/** `at` and `length` in bytes; a field of bits has the bytes that they lie in. */
export function field(
  name: string,
  at: number,
  length: number,
  value: string | number,
  note?: string,
): ExplainedField {
  const plain = { name, value: String(value), start: at, end: at + length };
  return note === undefined ? plain : { ...plain, note };
}

/** `0x0800`, as wide as `digits`. */
export function hex(value: number, digits = 4): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}
