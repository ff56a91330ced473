/**
 * Room for transfers. The source of a request may be false, so a transfer whose client has not answered must not keep others
 * out. Where there are too many of them, the oldest makes room, and an address has only a few of them.
 */
import type { Endpoint } from '../../events.ts';
import { SENDS, TIMEOUT_MS } from './transfer.ts';

/** Transfers whose clients have answered, and those whose clients have not. */
export const TRANSFERS = { proven: 256, unproven: 256 } as const;
/** Unanswered transfers to one address, all its ports together, in the time that one of them lasts. */
export const TO_ADDRESS = 8;
/** Addresses that are counted; beyond it the oldest is forgotten. */
const ADDRESSES = 4096;
/** How long a transfer lasts that nobody answers, unless its client chose another time. */
export const UNANSWERED_MS = TIMEOUT_MS * (2 ** SENDS.unproven - 1);

export interface Slot {
  /** Is called when the transfer has to end before its time. */
  onEnd(end: (reason: string) => void): void;
  /** The client has answered. */
  proven(): void;
  free(): void;
}

interface Taken {
  end: (reason: string) => void;
  /** Why it has to end, where that is known before its socket is open. */
  ended?: string;
}

export class Slots {
  readonly #unproven = new Map<string, Taken>();
  readonly #proven = new Map<string, Taken>();
  /** By address: when each of its unanswered transfers began. */
  readonly #began = new Map<string, number[]>();

  /** A slot, or the reason why there is none. */
  take(peer: Endpoint): Slot | string {
    const key = `${peer.address} ${peer.port}`;
    if (this.#unproven.has(key) || this.#proven.has(key)) return 'a transfer to this port is under way';
    if (this.#proven.size >= TRANSFERS.proven) return `${TRANSFERS.proven} transfers are under way`;
    if (!this.#count(peer.address)) return `${TO_ADDRESS} transfers to this address are not answered`;
    if (this.#unproven.size >= TRANSFERS.unproven) {
      const [oldest, taken] = this.#unproven.entries().next().value!;
      this.#unproven.delete(oldest);
      end(taken, 'newer requests need the room');
    }
    const taken: Taken = { end: () => {} };
    this.#unproven.set(key, taken);
    return {
      onEnd: (ending) => {
        taken.end = ending;
        if (taken.ended !== undefined) ending(taken.ended);
      },
      proven: () => {
        this.#began.get(peer.address)?.shift();
        if (this.#unproven.get(key) === taken) this.#unproven.delete(key);
        this.#proven.set(key, taken);
      },
      free: () => {
        for (const slots of [this.#unproven, this.#proven]) if (slots.get(key) === taken) slots.delete(key);
      },
    };
  }

  endAll(reason: string): void {
    for (const taken of [...this.#unproven.values(), ...this.#proven.values()]) end(taken, reason);
  }

  /** Counts a transfer to the address, if there may be one more. */
  #count(address: string): boolean {
    const now = performance.now();
    const began = (this.#began.get(address) ?? []).filter((at) => now - at < UNANSWERED_MS);
    this.#began.delete(address);
    if (this.#began.size >= ADDRESSES) this.#began.delete(this.#began.keys().next().value ?? '');
    this.#began.set(address, began);
    if (began.length >= TO_ADDRESS) return false;
    began.push(now);
    return true;
  }
}

function end(taken: Taken, reason: string): void {
  taken.ended ??= reason;
  taken.end(reason);
}
