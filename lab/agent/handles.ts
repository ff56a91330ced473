/** Sockets that stay on the agent between calls, by handle. */
import { closed } from './failures.ts';
import type { Handle } from './protocol.ts';

export interface Closable {
  close(): Promise<void>;
}

type Kind<T extends Closable> = abstract new (...args: never[]) => T;

export class Handles {
  readonly #open = new Map<Handle, Closable>();
  #last = 0;

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  keep(item: Closable): Handle {
    this.#last += 1;
    const handle = `h${this.#last}`;
    this.#open.set(handle, item);
    return handle;
  }

  /** Throws a NetworkFailure (`closed`) where the handle is gone or is of another kind. */
  get<T extends Closable>(handle: Handle, kind: Kind<T>, call: string): T {
    const item = this.#open.get(handle);
    if (!(item instanceof kind)) throw closed(call);
    return item;
  }

  /** For a socket that has ended by itself. */
  forget(handle: Handle): void {
    this.#open.delete(handle);
  }

  async close(handle: Handle): Promise<void> {
    const item = this.#open.get(handle);
    this.forget(handle);
    await item?.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((handle) => this.close(handle)));
  }
}
