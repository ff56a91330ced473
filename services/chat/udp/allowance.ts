/**
 * The bytes that may be sent to addresses that have not proven themselves. A login proves nothing: its source may be false,
 * and the host at that address did not ask. So each such address, and all of them together, get only so many bytes a second.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Endpoint } from '../../events.ts';

/** Bytes a second, and bytes saved up while nothing is said, for one address (all its ports) and for all together. */
export const ONE = { rate: 2048, saved: 8192 } as const;
export const ALL = { rate: 32_768, saved: 65_536 } as const;
/** Milliseconds between two notices that lines were left out: to one address, and to all together. */
const NOTICE_MS = { one: 10_000, all: 100 } as const;

interface Account {
  bytes: number;
  /** When it was last looked at, in milliseconds on a steady clock. */
  at: number;
  noticed: number;
}

export class Allowance {
  readonly #secret = randomBytes(32);
  readonly #accounts = new Map<string, Account>();
  readonly #all: Account = fresh(ALL.saved);

  /** Eight hexadecimal digits that only a receiver at this address and port can know. */
  token(peer: Endpoint): string {
    return createHmac('sha256', this.#secret)
      .update(`${peer.address} ${peer.port}`)
      .digest('hex')
      .slice(0, 8);
  }

  proves(peer: Endpoint, token: string): boolean {
    const [given, right] = [Buffer.from(token), Buffer.from(this.token(peer))];
    return given.length === right.length && timingSafeEqual(given, right);
  }

  /** An address that has sent so many bytes may be sent as many more. */
  earn({ address }: Endpoint, bytes: number): void {
    const account = this.#accounts.get(address);
    if (account !== undefined) account.bytes = Math.min(ONE.saved, account.bytes + bytes);
  }

  /** How many bytes may go to the address now. */
  left({ address }: Endpoint): number {
    return Math.min(filled(this.#account(address), ONE), filled(this.#all, ALL));
  }

  /** Takes so many bytes, if there are so many. */
  take(peer: Endpoint, bytes: number): boolean {
    if (this.left(peer) < bytes) return false;
    this.#account(peer.address).bytes -= bytes;
    this.#all.bytes -= bytes;
    return true;
  }

  /** Whether it is time to tell an address that something was left out. */
  notices({ address }: Endpoint): boolean {
    const now = performance.now();
    const account = this.#account(address);
    if (now - account.noticed < NOTICE_MS.one || now - this.#all.noticed < NOTICE_MS.all) return false;
    account.noticed = now;
    this.#all.noticed = now;
    return true;
  }

  /** Forgets the addresses that have all their bytes again. */
  sweep(): void {
    for (const [address, account] of this.#accounts) {
      if (filled(account, ONE) === ONE.saved && performance.now() - account.noticed > NOTICE_MS.one) {
        this.#accounts.delete(address);
      }
    }
  }

  #account(address: string): Account {
    const known = this.#accounts.get(address);
    if (known !== undefined) return known;
    const account = fresh(ONE.saved);
    this.#accounts.set(address, account);
    return account;
  }
}

function fresh(bytes: number): Account {
  return { bytes, at: performance.now(), noticed: Number.NEGATIVE_INFINITY };
}

function filled(
  account: Account,
  { rate, saved }: { readonly rate: number; readonly saved: number },
): number {
  const now = performance.now();
  account.bytes = Math.min(saved, account.bytes + ((now - account.at) / 1000) * rate);
  account.at = now;
  return account.bytes;
}
