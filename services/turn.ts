/**
 * The end of a turn of the event loop, when everything that had come has been heard. Answers that waited for it go out then,
 * one close behind the other, and their receiver is still awake when the next one comes. To wake a receiver costs as much as to send.
 */

/** Work that is done once in a turn, however often it is added. */
export class Turn {
  readonly #waiting = new Set<() => void>();
  #isSet = false;

  add(work: () => void): void {
    this.#waiting.add(work);
    if (this.#isSet) return;
    this.#isSet = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#isSet = false;
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const work of all) work();
  }
}
