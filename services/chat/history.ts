/** The last lines of a room, for everybody who joins it. */

/** How many lines of IRC are kept. */
const LINES = 50;

export class History {
  readonly #kept: { readonly line: Buffer; readonly at: number }[] = [];

  add(lines: readonly Buffer[]): void {
    const at = Date.now();
    for (const line of lines) this.#kept.push({ line, at });
    this.#kept.splice(0, this.#kept.length - LINES);
  }

  get lines(): Buffer[] {
    return this.#kept.map(({ line }) => line);
  }

  /** When the first of them was said, in RFC 3339, UTC, to the second; undefined where nothing was said. */
  get since(): string | undefined {
    const first = this.#kept[0];
    return first && new Date(first.at).toISOString().replace(/\.\d+/, '');
  }
}
