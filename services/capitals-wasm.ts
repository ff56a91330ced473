/**
 * The bytes a–z as A–Z in 64 KiB of memory, as a module of WebAssembly (core specification 2.0, section 5, "Binary Format"). It is
 * a loop over vectors of sixteen bytes, and it runs at full speed from the first call on.
 */

/** The least size of a memory. */
const PAGE = 65_536;
const VECTOR = 16;
const [I32, FUNCTION, NOTHING] = [0x7f, 0x60, 0x40];
/** The parameter: where the bytes end. */
const END = 0;
/** The variable: where the present vector is. */
const AT = 1;

/** Instructions, each with its operands. */
const get = (local: number) => [0x20, local];
const tee = (local: number) => [0x22, local];
const number = (value: number) => [0x41, value];
const [ADD, LESS, REPEAT_IF] = [[0x6a], [0x49], [0x0d, 0]];
const loop = (...inside: number[][]) => [0x03, NOTHING, ...inside.flat(), 0x0b];
const vectorOp = (code: number, ...operands: number[]) => [0xfd, ...unsigned(code), ...operands];
const everyByte = (byte: number) => vectorOp(0x0c, ...Array<number>(VECTOR).fill(byte));
const [LOAD, STORE] = [vectorOp(0x00, 0, 0), vectorOp(0x0b, 0, 0)];
const [MINUS, BELOW, AND, XOR] = [vectorOp(0x71), vectorOp(0x26), vectorOp(0x4e), vectorOp(0x51)];

const CODE = [
  ...[1, 1, I32], // one variable, 0 at first
  ...loop(
    ...[get(AT), get(AT), LOAD],
    // A byte is one of a–z where, less `a`, it is below 26. Bit 5 is the difference of the cases.
    ...[get(AT), LOAD, everyByte(0x61), MINUS, everyByte(26), BELOW, everyByte(0x20), AND],
    ...[XOR, STORE],
    ...[get(AT), number(VECTOR), ADD, tee(AT), get(END), LESS, REPEAT_IF],
  ),
  0x0b,
];

const MODULE = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, [FUNCTION, 1, I32, 0]), // types: a number, and no result
  ...section(3, [0]), // functions: one, of the first type
  ...section(5, [0, 1]), // memories: one, of a page at least
  ...section(7, [1, 0x66, 0, 0], [1, 0x6d, 2, 0]), // exports: the function f and the memory m
  ...section(10, [...unsigned(CODE.length), ...CODE]),
]);

function section(id: number, ...entries: number[][]): number[] {
  const content = [entries.length, ...entries.flat()];
  return [id, ...unsigned(content.length), ...content];
}

/** LEB128, seven bits a byte. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >> 7)];
}

/** The part that is used here: the types of Node do not have it. */
declare const WebAssembly:
  | {
      validate(bytes: Uint8Array): boolean;
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: Exports };
    }
  | undefined;
interface Exports {
  readonly m: { readonly buffer: ArrayBuffer };
  readonly f: (length: number) => void;
}

export interface Vectors {
  readonly memory: Buffer;
  /** Changes so many bytes from the start of the memory, and the bytes behind them up to the next multiple of sixteen. */
  capitals(length: number): void;
}

/** Undefined where the processor has no vectors (SSE 4.1), or Node runs without a compiler. */
export const vectors = made();

function made(): Vectors | undefined {
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(MODULE)) return undefined;
  const { m, f } = new WebAssembly.Instance(new WebAssembly.Module(MODULE)).exports;
  return { memory: Buffer.from(m.buffer, 0, PAGE), capitals: f };
}
