/** The bytes a–z as A–Z: few by a loop here, many by WebAssembly, sixteen at a time and without time to warm up. */
import { vectors } from './capitals-wasm.ts';

/** Fewer bytes are done one by one: to copy them there and back would cost more. */
const FEW = 128;

/** In place; no other byte is touched, whatever the encoding. Returns `data`. */
export function capitals(data: Buffer): Buffer {
  if (data.length < FEW || vectors === undefined) return oneByOne(data);
  const { memory } = vectors;
  for (let from = 0; from < data.length; from += memory.length) {
    const part = data.subarray(from, from + memory.length);
    memory.set(part);
    vectors.capitals(part.length);
    part.set(part.length === memory.length ? memory : memory.subarray(0, part.length));
  }
  return data;
}

function oneByOne(data: Buffer): Buffer {
  for (let at = 0; at < data.length; at += 1) {
    const byte = data[at] as number;
    if (byte >= 0x61 && byte <= 0x7a) data[at] = byte - 0x20;
  }
  return data;
}
