/** The bytes a–z as A–Z, in place; no other byte is touched, whatever the encoding. Returns `data`. */
export function capitals(data: Buffer): Buffer {
  for (let i = 0; i < data.length; i += 1) {
    const byte = data[i] as number;
    if (byte >= 0x61 && byte <= 0x7a) data[i] = byte - 0x20;
  }
  return data;
}
