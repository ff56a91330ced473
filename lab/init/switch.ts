/**
 * The lab's switches: a Linux bridge for each network, a veth pair for each card, all in the lab's own namespace. The far
 * end of every cable is a port here, and cables are cut here. The bridge drops frames from one port to another as it
 * forwards them, whatever they carry and wherever on the cable they come from.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Cables, type OpenUp } from '../agent/cable/cables.ts';
import { patient } from '../agent/patience.ts';
import { type CutRequest, Overloaded } from '../agent/protocol.ts';
import { tool } from '../agent/tool.ts';
import type { HostOrder } from './calls.ts';

const TABLE = 'bridge lanlab';

/** Pairs of ports, from and to. Each frame costs one look in a set, for any number of cuts. */
const RULES = `table ${TABLE} {
  set cut { type ifname . ifname; }
  chain forward {
    type filter hook forward priority 0; policy accept;
    iifname . oifname @cut drop
  }
}
`;

interface Port {
  /** The cable's end. */
  name: string;
  /** The card in the bridge: the cable's end itself, or where the cable is open, another one that stands for it. */
  bridged: string;
  mtu: number;
  number: number;
  card: string;
  mac: string;
  network: string;
  host: string;
}

export class Switch {
  readonly #bridges = new Map<string, string>();
  #ports: Port[] = [];
  readonly #byMac = new Map<string, Port[]>();
  /** By host, then by name. */
  readonly #cuts = new Map<string, Map<string, CutRequest>>();
  readonly cables: Cables;
  #number = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** `carrying` is called when the first cable is open. */
  constructor(carrying: () => void) {
    this.cables = new Cables((cable, carry) => this.#openUp(cable, carry), carrying);
  }

  /** Rejects where this kernel, or this machine's tools, cannot cut a cable. */
  async begin(): Promise<void> {
    // Where the machine filters bridges for Docker, a table that is older than a namespace's first bridge sees no frame.
    await tool(['ip', '-batch', '-'], 'link add name probe type bridge\nlink del probe\n');
    await tool(['nft', '-f', '-'], RULES);
  }

  /** `ip -batch` lines that plug hosts in; `processOf` gives a process in a host's namespaces. */
  plugIn(
    networks: readonly { name: string }[],
    hosts: readonly HostOrder[],
    processOf: (host: string) => number,
  ): string[] {
    const bridges = networks.flatMap(({ name }) => this.#bridge(name));
    return [...bridges, ...hosts.flatMap((host) => this.#cables(host, processOf(host.setup.hostname)))];
  }

  #bridge(network: string): string[] {
    const name = `br${this.#number++}`;
    this.#bridges.set(network, name);
    return [`link add name ${name} type bridge mcast_snooping 0`, `link set ${name} up`];
  }

  #cables({ setup, interfaces }: HostOrder, process: number): string[] {
    return setup.interfaces.flatMap(({ name, mac, mtu, link }, index) => {
      const { network } = interfaces[index]!;
      const number = this.#number++;
      const end = `port${number}`;
      const bridged = link ? `link${number}` : end;
      const port = { name: end, bridged, number, mtu, card: name, mac, network, host: setup.hostname };
      this.#ports.push(port);
      this.#byMac.set(mac, [...(this.#byMac.get(mac) ?? []), port]);
      return [
        `link add name ${end} mtu ${mtu} type veth peer name ${name} mtu ${mtu} address ${mac} netns ${process}`,
        ...(link ? [...besideOf(port), `link set ${end} up`] : []),
        `link set ${bridged} master ${this.#bridges.get(network)} up`,
      ];
    });
  }

  /** Cards go with their hosts; a network that still has hosts must not be named. */
  async unplug(networks: readonly string[], hosts: readonly string[]): Promise<string[]> {
    const going = this.#ports.filter(({ host }) => hosts.includes(host));
    this.#ports = this.#ports.filter((port) => !going.includes(port));
    for (const { mac } of going) {
      const left = this.#byMac.get(mac)!.filter((port) => !going.includes(port));
      if (left.length > 0) this.#byMac.set(mac, left);
      else this.#byMac.delete(mac);
    }
    for (const host of hosts) this.#cuts.delete(host);
    const bridges = networks.flatMap((network) => this.#bridges.get(network) ?? []);
    for (const network of networks) this.#bridges.delete(network);
    await Promise.all(going.map((port) => this.cables.close(cableOf(port))));
    const cards = going.flatMap(({ name, bridged, number }) =>
      name === bridged ? [name] : [name, bridged, `exit${number}`],
    );
    return [...cards, ...bridges].map((name) => `link del ${name}`);
  }

  /** Resolves when the carrier of the host's card is being taken away or given back. */
  async plug(host: string, card: string, state: 'up' | 'down'): Promise<void> {
    await tool(['ip', 'link', 'set', 'dev', this.#port(cableOf({ host, card })).name, state]);
  }

  /** The cable of a host's card is a port of another bridge. Frames that are on their way are lost. */
  async move(host: string, card: string, network: string): Promise<void> {
    const port = this.#port(cableOf({ host, card }));
    const bridge = this.#bridges.get(network);
    if (bridge === undefined) throw new Error(`there is no network ${network}`);
    await batch([`link set ${port.bridged} nomaster`]);
    await this.cables.rehang(cableOf(port));
    await batch([`link set ${port.bridged} master ${bridge}`]);
    port.network = network;
    // The network to which the host comes has the cuts of its hosts.
    await this.reload();
  }

  #port(cable: string): Port {
    const port = this.#ports.find((one) => cableOf(one) === cable);
    if (!port) throw new Error(`there is no cable ${cable}`);
    return port;
  }

  /**
   * Opens a cable between two frames that the host sends. From then on all frames of the host go to the carrier, and come to
   * the bridge by a new port in place of the cable's end. A broadcast that comes in that moment is heard by both ports.
   */
  async #openUp(cable: string, carry: Parameters<OpenUp>[1]): Promise<void> {
    const port = this.#port(cable);
    if (port.bridged !== port.name) {
      await carry({
        out: { from: port.name, to: heldOf(port) },
        in: { from: heldOf(port), to: port.name },
        mtu: port.mtu,
      });
      return;
    }
    const { name, mtu } = port;
    const [leaving, left] = [`exit${port.number}`, `left${port.number}`];
    const pair = `link add name ${leaving} mtu ${mtu} type veth peer name ${left} mtu ${mtu}`;
    port.bridged = `link${port.number}`;
    try {
      await batch([
        pair,
        ...upOf(leaving, left),
        ...besideOf(port),
        `link set ${port.bridged} master ${this.#bridges.get(port.network)}`,
      ]);
      // A host that is cut off from this one is cut off from the new port too.
      await this.reload();
      await untilCarrying([leaving, port.bridged]);
      await carry({ out: { from: left, to: heldOf(port) }, in: { from: heldOf(port), to: name }, mtu });
      await tool(['nft', '-f', '-'], compileExit(port.number, name, leaving));
      await batch([`link set ${name} nomaster`]);
    } catch (error) {
      await tool(['nft', '-f', '-'], compileStay(port.number)).catch(() => {});
      await tool(
        ['ip', '-force', '-batch', '-'],
        [leaving, port.bridged].map((card) => `link del ${card}\n`).join(''),
      ).catch(() => {});
      port.bridged = name;
      // Cuts are by the cards in the bridge, and this one's is the cable's end again.
      await this.reload().catch(() => {});
      throw error;
    }
  }

  /** Resolves when the cards that stand in bridges for the ends of open cables hand frames on. */
  async carrying(): Promise<void> {
    const open = this.#ports.filter(({ name, bridged }) => name !== bridged).map(({ bridged }) => bridged);
    if (open.length > 0) await untilCarrying(open);
  }

  /** A second cut of the same name takes the first one's place. */
  async cut(host: string, request: CutRequest): Promise<void> {
    const stranger = request.from.find(({ mac }) => !this.#byMac.has(mac.toLowerCase()));
    if (stranger) throw new Error(`no card has the MAC ${stranger.mac}`);
    await this.#change(host, (cuts) => cuts.set(request.id, request));
    const macs = request.from.map(({ mac }) => mac);
    const here = this.#ports.filter((port) => port.host === host);
    await Promise.all(here.map((port) => this.cables.forget(cableOf(port), macs)));
  }

  /** It is no error if nothing is cut. */
  heal(host: string, id: string): Promise<void> {
    return this.#change(host, (cuts) => cuts.delete(id));
  }

  /** MACs whose frames do not come to this host. */
  cutOff(host: string): string[] {
    const macs = [...(this.#cuts.get(host)?.values() ?? [])].flatMap(({ from }) =>
      from.map(({ mac }) => mac),
    );
    return [...new Set(macs.map((mac) => mac.toLowerCase()))].sort();
  }

  /** Writes all cuts again, so that they hold for new ports. */
  async reload(): Promise<void> {
    const [host] = this.#cuts.keys();
    if (host !== undefined) await this.#change(host, () => {});
  }

  /** Changes are made one after the other, so that the last one holds. A change that nft refuses is not kept. */
  #change(host: string, change: (cuts: Map<string, CutRequest>) => unknown): Promise<void> {
    const changed = this.#last.then(async () => {
      const before = this.#cuts.get(host);
      const cuts = new Map(before);
      change(cuts);
      this.#cuts.set(host, cuts);
      try {
        await tool(['nft', '-f', '-'], compileCuts(this.#pairs()));
      } catch (error) {
        if (before) this.#cuts.set(host, before);
        else this.#cuts.delete(host);
        throw error;
      }
    });
    this.#last = changed.catch(() => {});
    return changed;
  }

  #pairs(): string[] {
    const pairs = [...this.#cuts.keys()].flatMap((host) => {
      const here = this.#ports.filter((port) => port.host === host);
      const there = this.cutOff(host).flatMap((mac) => this.#byMac.get(mac) ?? []);
      return there.flatMap((from) =>
        here
          .filter(({ network }) => network === from.network)
          .map((to) => `"${from.bridged}" . "${to.bridged}"`),
      );
    });
    return [...new Set(pairs)];
  }
}

/** A pair of cards: one stands in the bridge for an open cable's end, and the carrier takes frames up at the other. */
function besideOf({ bridged, mtu, ...port }: Port): string[] {
  const held = heldOf(port);
  return [
    `link add name ${bridged} mtu ${mtu} type veth peer name ${held} mtu ${mtu}`,
    ...upOf(bridged, held),
  ];
}

function heldOf({ number }: Pick<Port, 'number'>): string {
  return `held${number}`;
}

/** The receiver first: a card that is up before its peer has no carrier, and sends nothing until the kernel notices. */
function upOf(sender: string, receiver: string): string[] {
  return [receiver, sender].map((card) => `link set ${card} up`);
}

/** Milliseconds within which the kernel must notice that a card has a carrier, and milliseconds between two looks. */
const NOTICED_WITHIN = 60_000;
const ASK_EVERY = 2;

/** Waits until these cards have a carrier. Before that a bridge hands no frame on by them, and a card loses its frames. */
async function untilCarrying(cards: readonly string[]): Promise<void> {
  const limit = performance.now() + patient(NOTICED_WITHIN);
  for (;;) {
    const links = JSON.parse(await tool(['ip', '-j', 'link', 'show'])) as {
      ifname: string;
      operstate: string;
    }[];
    const states = new Map(links.map(({ ifname, operstate }) => [ifname, operstate]));
    const waiting = cards.find((card) => states.get(card) !== 'UP');
    if (waiting === undefined) return;
    if (performance.now() > limit) throw new Overloaded(`${waiting} is ${states.get(waiting)}`);
    await pause(ASK_EVERY);
  }
}

async function batch(lines: readonly string[]): Promise<void> {
  await tool(['ip', '-batch', '-'], lines.map((line) => `${line}\n`).join(''));
}

/** From one frame to the next, all frames that come by a card go on by another. */
function compileExit(number: number, card: string, leaving: string): string {
  return `table netdev lanlab${number} {
  chain leaving {
    type filter hook ingress device "${card}" priority 0;
    fwd to "${leaving}"
  }
}
`;
}

function compileStay(number: number): string {
  return `table netdev lanlab${number}\ndelete table netdev lanlab${number}\n`;
}

/** The name of a card's cable among those of all hosts. */
export function cableOf({ host, card }: { host: string; card: string }): string {
  return `${host} ${card}`;
}

export function cardOf(cable: string): string {
  return cable.slice(cable.indexOf(' ') + 1);
}

/** The whole set as one transaction. */
export function compileCuts(pairs: readonly string[]): string {
  const added = pairs.length > 0 ? [`add element ${TABLE} cut { ${pairs.join(', ')} }`] : [];
  return [`flush set ${TABLE} cut`, ...added, ''].join('\n');
}
