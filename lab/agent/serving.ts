/** The servers of a host: one dnsmasq for addresses, and one for the names of each network. */

import type { ChildProcess } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import { compileDnsmasq, DNSMASQ } from './dnsmasq.ts';
import { type Report, timeStamp } from './listener-events.ts';
import { patient } from './patience.ts';
import type { ServingSetup } from './protocol.ts';
import { spawn } from './spawn.ts';
import { Bell } from './waiting.ts';

/** Milliseconds in which dnsmasq has to say that it serves. */
const SERVES_WITHIN = 60_000;
/** Characters kept of its words. */
const WORDS = 4_000;

export class Serving {
  readonly #report: Report;
  readonly #servers = new Map<string, Server>();
  #last: Promise<unknown> = Promise.resolve();

  /** `report` is told when a server ends that nobody has asked to end. */
  constructor(report: Report) {
    this.#report = report;
  }

  /** Serves these networks from now on, and no others. A server whose setup is the same goes on; any other is started again. */
  async serve(wanted: readonly ServingSetup[]): Promise<void> {
    const changed = this.#last.then(() => this.#change(wanted));
    this.#last = changed.catch(() => {});
    await changed;
  }

  async #change(wanted: readonly ServingSetup[]): Promise<void> {
    for (const [place, server] of this.#servers) {
      const as = wanted.find((one) => placeOf(one) === place);
      if (as && server.runs && isDeepStrictEqual(as, server.setup)) continue;
      this.#servers.delete(place);
      await server.end();
    }
    for (const setup of wanted) {
      const place = placeOf(setup);
      if (this.#servers.has(place)) continue;
      const server = new Server(setup, this.#report);
      this.#servers.set(place, server);
      await server.started();
    }
  }
}

/** A host has one server of addresses, and for names one at each card. */
function placeOf({ cards, pools, relays }: ServingSetup): string {
  return (pools ?? relays) ? 'addresses' : cards.join(' ');
}

class Server {
  readonly setup: ServingSetup;
  readonly #child: ChildProcess;
  readonly #bell = new Bell();
  #words = '';
  #end: string | undefined;
  #asked = false;

  constructor(setup: ServingSetup, report: Report) {
    this.setup = setup;
    const [file = '', ...args] = DNSMASQ;
    this.#child = spawn(file, args, {
      cwd: '/',
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    this.#child.stdin!.on('error', () => {});
    this.#child.stdin!.end(compileDnsmasq(setup));
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#words = (this.#words + text).slice(-WORDS);
      this.#bell.ring();
    });
    this.#child.once('error', ({ message }) => this.#ended(message, report));
    this.#child.once('close', (exit, signal) => this.#ended(signal ?? `exit ${exit}`, report));
  }

  get runs(): boolean {
    return this.#end === undefined;
  }

  /** Resolves when the server has its sockets. */
  async started(): Promise<void> {
    const looked = () => (/: started, /.test(this.#words) ? 'started' : this.#end);
    const found = await this.#bell.until(looked, patient(SERVES_WITHIN));
    if (found === 'started') return;
    await this.end();
    const said =
      this.#words.trim().split('\n').at(-1) ||
      found ||
      `it said nothing in ${patient(SERVES_WITHIN) / 1000} s`;
    throw new Error(`dnsmasq for ${this.setup.networks.join(' and ')}: ${said}`);
  }

  async end(): Promise<void> {
    this.#asked = true;
    this.#child.kill('SIGKILL');
    await this.#bell.until(() => this.#end, patient(SERVES_WITHIN));
  }

  #ended(how: string, report: Report): void {
    if (this.#end !== undefined) return;
    this.#end = how;
    this.#bell.ring();
    if (this.#asked) return;
    for (const network of this.setup.networks)
      report({ time: timeStamp(), event: 'server-ended', program: 'dnsmasq', network, how });
  }
}
