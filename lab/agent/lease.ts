/**
 * A card's address by DHCP (RFC 2131). The client is udhcpc, which speaks and keeps the lease alive. The card is set up here,
 * from the client's words: its address, routes and name servers are there as long as the lease is.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { timedOut } from './failures.ts';
import { type Lease, NetworkFailure, type RouteSetup } from './protocol.ts';
import { setRoutes } from './routes.ts';
import { spawn } from './spawn.ts';
import { tool } from './tool.ts';
import { type Happening, readHappening, SCRIPT, udhcpc } from './udhcpc.ts';
import { Bell } from './waiting.ts';

/** Milliseconds in which a lease that is given back has to be gone: nobody answers a RELEASE. */
const GONE = 5_000;
/** Milliseconds that a timer can wait. */
const LONGEST = 2 ** 31 - 1;

export class LeaseClient {
  readonly #card: string;
  readonly #hostname: string;
  readonly #learned: () => Promise<void>;
  readonly #bell = new Bell();
  #child: ChildProcess | undefined;
  #lease: Lease | undefined;
  /** Acknowledgements so far. */
  #granted = 0;
  #trouble: string | undefined;
  /** We have asked the client to give the lease back. */
  #giving = false;
  /** Ends the lease with its time. */
  #expiry: NodeJS.Timeout | undefined;
  /** The end of the last happening: they are handled one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  /** `learned` is called when the name servers of the lease may have changed. */
  constructor(card: string, hostname: string, learned: () => Promise<void>) {
    this.#card = card;
    this.#hostname = hostname;
    this.#learned = learned;
  }

  get lease(): Lease | undefined {
    return this.#lease;
  }

  async have(giveUp: number): Promise<Lease> {
    return this.#lease ?? this.obtain(giveUp);
  }

  async obtain(giveUp: number): Promise<Lease> {
    await this.#stop();
    await this.#inTurn(() => this.#drop());
    await this.#start();
    return this.#acknowledged('obtain a lease', giveUp);
  }

  async renew(giveUp: number): Promise<Lease> {
    if (!this.#lease || !this.#child) throw noLease();
    this.#child.kill('SIGUSR1');
    return this.#acknowledged('renew the lease', giveUp);
  }

  async release(): Promise<Lease | undefined> {
    const held = this.#lease;
    if (!held || !this.#child) return undefined;
    this.#giving = true;
    this.#child.kill('SIGUSR2');
    await this.#bell.until(() => (this.#lease ? undefined : true), GONE);
    this.#giving = false;
    if (this.#lease) throw new Error(`udhcpc does not give back ${held.address}`);
    await this.#stop();
    return held;
  }

  /** The client ends, and its address goes, without a word to the server. */
  async end(): Promise<void> {
    await this.#stop();
    await this.#inTurn(() => this.#drop());
  }

  async #acknowledged(what: string, giveUp: number): Promise<Lease> {
    const start = performance.now();
    const before = this.#granted;
    const settled = () => (this.#trouble !== undefined || this.#granted > before ? true : undefined);
    await this.#bell.until(settled, giveUp);
    if (this.#trouble !== undefined) throw new Error(`udhcpc at ${this.#card}: ${this.#trouble}`);
    if (this.#lease && this.#granted > before) return this.#lease;
    throw timedOut(what, start);
  }

  async #start(): Promise<void> {
    const folder = mkdtempSync('/tmp/lanlab-udhcpc-');
    const script = join(folder, 'script');
    writeFileSync(script, SCRIPT);
    chmodSync(script, 0o755);
    this.#trouble = undefined;
    const [file = '', ...args] = udhcpc(this.#card, this.#hostname, script);
    const child = spawn(file, args, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
    });
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const happening = readHappening(line);
      if (happening && this.#child === child)
        void this.#inTurn(() => this.#take(happening)).catch((error) => this.#fail(child, error.message));
    });
    const over = (why: string) => {
      rmSync(folder, { recursive: true, force: true });
      this.#fail(child, why);
    };
    child.once('error', ({ message }) => over(message));
    child.once('close', (exit, signal) =>
      over(said.trim().split('\n').at(-1) || `it ended: ${signal ?? exit}`),
    );
  }

  #fail(child: ChildProcess, why: string): void {
    if (this.#child !== child) return;
    this.#trouble = why;
    this.#bell.ring();
  }

  /** Ends the client, without a word to the server. */
  async #stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const over = once(child, 'close');
    child.kill('SIGKILL');
    await over;
  }

  #inTurn(what: () => Promise<void>): Promise<void> {
    const done = this.#last.then(what);
    this.#last = done.catch(() => {});
    return done;
  }

  /**
   * After a few requests in vain, the client calls its address lost. The address stays the host's own until its time is over
   * (RFC 2131 section 4.4.5), or until the server says no.
   */
  async #take(happening: Happening): Promise<void> {
    if ('lease' in happening) await this.#keep(happening.lease);
    else if (happening.event === 'nak' || (happening.event === 'deconfig' && this.#giving))
      await this.#drop();
  }

  async #keep(lease: Lease): Promise<void> {
    await setUpCard(this.#card, lease, this.#lease);
    this.#lease = lease;
    this.#granted += 1;
    clearTimeout(this.#expiry);
    const over = () => void this.#inTurn(() => this.#drop()).catch(() => {});
    this.#expiry = setTimeout(over, Math.min(lease.seconds * 1000, LONGEST)).unref();
    await this.#learned();
    this.#bell.ring();
  }

  async #drop(): Promise<void> {
    clearTimeout(this.#expiry);
    if (this.#lease) await tool(['ip', '-4', 'address', 'flush', 'dev', this.#card]);
    this.#lease = undefined;
    await this.#learned();
    this.#bell.ring();
  }
}

function noLease(): NetworkFailure {
  const message = 'there is no lease to renew';
  return new NetworkFailure({ kind: 'closed', errno: 'ENOENT', syscall: 'renew', message, after: 0 });
}

/** An address that stays is left alone, so that what is open on it stays open. */
async function setUpCard(card: string, lease: Lease, before: Lease | undefined): Promise<void> {
  const { address, prefix } = lease;
  const same = before?.address === address && before.prefix === prefix;
  if (!same) {
    const line = `address add ${address}/${prefix} broadcast + dev ${card}`;
    await tool(['ip', '-4', '-batch', '-'], `address flush dev ${card}\n${line}\n`);
  }
  await setRoutes(routesOf(card, lease), same ? routesOf(card, before) : []);
}

/** Classless routes alone where there are any (RFC 3442), else the first router as the default. */
function routesOf(card: string, { routers, routes }: Lease): RouteSetup[] {
  const [router] = routers;
  const all = routes.length > 0 ? routes : router === undefined ? [] : [{ to: 'default', via: router }];
  return all.map((route) => ({ ...route, interface: card }));
}
