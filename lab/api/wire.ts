/** Captures at hosts of a lab while a test goes on. */

import { writeFile } from 'node:fs/promises';
import { Captures } from '../captures/captures.ts';
import { capturedFile } from '../captures/file.ts';
import { LabError } from '../errors.ts';
import { looksAt } from '../expectations/wire/look.ts';
import {
  hostsOfView,
  referencesOf,
  type View,
  viewsOf,
  type Wire as Wanted,
  wireSchema,
} from '../expectations/wire/value.ts';
import type { LiveLab } from '../live/up.ts';
import { addressesOf } from '../model/planned.ts';
import type { Scenario } from '../model/types.ts';
import type { CableRecord, Missed } from '../outcomes/cable-record.ts';
import type { Check } from '../outcomes/check.ts';
import type { WireView } from '../outcomes/context.ts';
import { judgedWithout } from '../outcomes/uncarried.ts';
import { dangling } from '../scenario/steps/references.ts';
import type { Scope } from '../wire/lines/condition.ts';
import { type Hint, tell } from '../wire/lines/hint.ts';
import { printFrame } from '../wire/print.ts';
import type { Card, SeenFrame } from '../wire/timeline.ts';
import type { Seeable } from './seeing.ts';

/** Lines in order, or the same map as under `wire:` in a scenario. */
export type WrittenWire = readonly string[] | WrittenView | readonly WrittenView[];

export interface WrittenView {
  at?: string | readonly string[];
  /** A line, or a line with the host that saw its frame. */
  in_order?: readonly (string | Record<string, string>)[];
  any_order?: readonly string[];
  only?: readonly string[];
  never?: readonly string[];
  count?: Record<string, number | string>;
}

export interface ShowOptions {
  /** The host whose capture must show the lines, where `wanted` names none. The default is the first that captures. */
  at?: string;
  /** Lines without ports that are about the two ends of this conversation mean this conversation alone. */
  of?: Seeable;
  /** Milliseconds in which the lines have to come true. */
  within: number;
  /** Milliseconds for which nothing else may come. */
  hold?: number;
}

/** Captures at some hosts, from when `net.capture()` resolved until it is disposed. */
export class Wire implements AsyncDisposable {
  readonly #scenario: Scenario;
  readonly #lab: LiveLab;
  readonly #captures: Captures;
  readonly #view: WireView;
  readonly #hosts: readonly string[];
  readonly #cables: CableRecord;
  /** Before it began. */
  readonly #missed: readonly Missed[];

  constructor(
    scenario: Scenario,
    lab: LiveLab,
    captures: Captures,
    view: WireView,
    hosts: readonly string[],
    cables: CableRecord,
  ) {
    this.#cables = cables;
    this.#missed = cables.missed;
    this.#scenario = scenario;
    this.#lab = lab;
    this.#captures = captures;
    this.#view = view;
    this.#hosts = hosts;
  }

  /** Every frame so far, of all hosts that capture, in order of time; decoded. */
  async frames(): Promise<readonly SeenFrame[]> {
    await this.#captures.drain();
    return this.#view.frames();
  }

  /** The same frames, a line each, with the names of hosts. */
  async lines(): Promise<string[]> {
    return (await this.frames()).map(({ frame }) => printFrame(frame, this.#view.names));
  }

  /** pcapng, for Wireshark or `lanlab ladder`. */
  async save(file: string): Promise<void> {
    await this.#captures.drain();
    await writeFile(file, capturedFile(this.#captures.taken(), this.#lab.plan.hosts));
  }

  /** A check for each viewpoint: the work of `toShow`. Throws LabError (`usage`) for a wrong line. */
  async look(wanted: WrittenWire, options: ShowOptions): Promise<Check[]> {
    const looking = {
      wire: this.#view,
      scope: this.#scope(options.of),
      deadline: performance.now() + options.within,
      hold: options.hold ?? 0,
    };
    const views = viewsOf(this.#read(wanted));
    const host = options.at ?? this.#hosts[0]!;
    for (const view of views) this.#refuseDeaf(view, host);
    const checks = await Promise.all(views.flatMap((view) => looksAt(view, host, looking)));
    return judgedWithout(await this.#cables.missedSince(this.#missed), checks);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#captures.stop();
  }

  #refuseDeaf(view: View, host: string): void {
    const deaf = hostsOfView(view, host).find((one) => !this.#hosts.includes(one));
    if (deaf === undefined) return;
    throw new LabError('usage', `nothing is captured at ${deaf}`, {
      hint: `capture there: net.capture('${deaf}')`,
    });
  }

  #read(wanted: WrittenWire): Wanted {
    const read = wireSchema.safeParse(wanted);
    if (!read.success) {
      const [issue] = read.error.issues;
      const { params } = issue as { params?: { hint?: Hint } };
      throw new LabError('usage', `${JSON.stringify(wanted)}: ${issue?.message}`, {
        hint: tell(params?.hint),
      });
    }
    const hosts = new Map(this.#scenario.hosts.map((host) => [host.name, host]));
    for (const reference of referencesOf(read.data)) {
      const found = dangling(reference, { at: undefined, hosts, conversations: [] });
      if (found) throw new LabError('usage', found.message, { hint: tell(found.hint) });
    }
    return read.data;
  }

  #scope(of: Seeable | undefined): Scope {
    const cards = this.#lab.plan.hosts.flatMap(({ name, interfaces }) =>
      interfaces.map((one): Card => ({ ...one, host: name, addresses: addressesOf(one) })),
    );
    const end = ({ address, port }: { address: string; port: number }) => ({
      party: { kind: 'address' as const, address },
      port,
    });
    return {
      cards,
      segment: (seen) => this.#view.segment(seen),
      resent: (seen) => this.#view.resent(seen),
      ...(of?.remote && {
        conversation: { protocol: of.transport, local: end(of.local), remote: end(of.remote) },
      }),
    };
  }
}

/** Resolves when every one of these hosts captures. Throws LabError (`unsupported`) where one cannot. */
export async function capture(
  scenario: Scenario,
  lab: LiveLab,
  hosts: readonly string[],
  cables: CableRecord,
): Promise<Wire> {
  for (const name of hosts) {
    const state = lab.hosts.get(name)?.capabilities.capture;
    if (state !== true)
      throw new LabError('unsupported', `${name} cannot capture: ${state?.why}`, { hint: state?.hint });
  }
  await cables.ask();
  const captures = new Captures(lab.hosts, hosts, undefined, lab.network.clocks);
  const view = await captures.watch([], []);
  if (!view) throw new Error('nothing is captured');
  return new Wire(scenario, lab, captures, view, hosts, cables);
}
