/** Sizes: whole bytes, or a number with its unit. */
import { reading, show, Wrong } from '../../model/reading.ts';

const SIZES: Record<string, number> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** Bytes, or the problem. */
export function readSize(input: unknown): number | Wrong {
  const text = typeof input === 'number' ? `${input}B` : input;
  const parts = typeof text === 'string' ? /^(\d+(?:\.\d+)?)([kKMG]i?B|B)$/.exec(text) : null;
  const unit = parts ? SIZES[parts[2]!] : undefined;
  const bytes = parts && unit ? Number(parts[1]) * unit : Number.NaN;
  if (Number.isSafeInteger(bytes)) return bytes;
  return new Wrong(`${show(input)} is not a size`, 'write whole bytes or a unit: 1500, 64KiB, 5MB');
}

/** `5MB` → 5,000,000; `64KiB` → 65,536; a plain number is bytes. */
export const size = reading(readSize, {
  title: 'size',
  type: ['string', 'integer'],
  pattern: '^\\d+(\\.\\d+)?([kKMG]i?B|B)$',
  minimum: 0,
  description: 'Bytes, or a size with its unit: 1500, 64KiB, 5MB.',
});
