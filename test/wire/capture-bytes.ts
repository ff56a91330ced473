/** Capture files made by hand in both byte orders, field by field as the formats' papers say. */

export interface Order {
  name: string;
  little: boolean;
}

export const ORDERS: Order[] = [
  { name: 'little endian', little: true },
  { name: 'big endian', little: false },
];

/** A number of so many bytes. */
export type Field = [bytes: 1 | 2 | 4 | 8, value: number | bigint] | Uint8Array;

export function fields({ little }: Order, ...all: Field[]): Buffer {
  return Buffer.concat(
    all.map((field) => {
      if (field instanceof Uint8Array) return field;
      const [size, value] = field;
      const out = Buffer.alloc(size);
      let rest = BigInt(value);
      for (let at = 0; at < size; at++) {
        out[little ? at : size - 1 - at] = Number(rest & 0xffn);
        rest >>= 8n;
      }
      return out;
    }),
  );
}

export function pcapFile(order: Order, magic: number, records: Uint8Array[], linkType = 1): Buffer {
  const head = fields(order, [4, magic], [2, 2], [2, 4], [4, 0], [4, 0], [4, 65_535], [4, linkType]);
  return Buffer.concat([head, ...records]);
}

export function pcapRecord(
  order: Order,
  seconds: number,
  fraction: number,
  bytes: Uint8Array,
  length = bytes.length,
) {
  return fields(order, [4, seconds], [4, fraction], [4, bytes.length], [4, length], bytes);
}

export function block(order: Order, type: number, ...body: Field[]): Buffer {
  const content = padded(fields(order, ...body));
  const size = content.length + 12;
  return fields(order, [4, type], [4, size], content, [4, size]);
}

export function section(order: Order): Buffer {
  return block(order, 0x0a0d0d0a, [4, 0x1a2b3c4d], [2, 1], [2, 0], [8, 0xffffffffffffffffn]);
}

export function interfaceBlock(order: Order, linkType: number, ...options: Uint8Array[]): Buffer {
  return block(order, 1, [2, linkType], [2, 0], [4, 0], ...options);
}

export function option(order: Order, code: number, value: Uint8Array): Buffer {
  return fields(order, [2, code], [2, value.length], padded(value));
}

export function packet(
  order: Order,
  card: number,
  units: bigint,
  bytes: Uint8Array,
  ...options: Uint8Array[]
) {
  const [high, low] = [units >> 32n, units & 0xffffffffn];
  const head: Field[] = [
    [4, card],
    [4, high],
    [4, low],
    [4, bytes.length],
    [4, bytes.length],
  ];
  return block(order, 6, ...head, padded(bytes), ...options);
}

function padded(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
