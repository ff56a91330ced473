/** How patient this process is: one factor for all its limits in seconds, for a machine that is slow or busy. */

/** The longest time that a timer can wait (setTimeout takes a signed 32-bit number). */
const LONGEST = 2 ** 31 - 1;

let factor = read(process.env.LANLAB_PATIENCE) ?? 1;

/** A factor from 1 to 100; undefined where the text is not such a factor. */
export function read(text: string | undefined): number | undefined {
  const number = text?.trim() ? Number(text) : Number.NaN;
  return number >= 1 && number <= 100 ? number : undefined;
}

/** From now on. */
export function bePatient(given: number): void {
  factor = given;
}

export function currentPatience(): number {
  return factor;
}

/** A limit of so many milliseconds, times the factor of this process. */
export function patient(milliseconds: number): number {
  return Math.min(milliseconds * factor, LONGEST);
}
