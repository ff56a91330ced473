/**
 * The patch between a host's `eth0` and its network. `eth0` is one end of a veth pair, and `patch0` is the other. nftables
 * forwards frames between `patch0` and the engine's card `wire0`. Faults act here, on the cable: a frame that is dropped on
 * its way in was sent at the other end, and is seen leaving there.
 *
 * A host may send with any MAC. A frame that is not from the card's own MAC goes out behind a notice, which tells the other
 * ends whose frame it is. The notice is the same frame, but its EtherType and the six bytes behind that are NOTICE and the
 * card's own MAC. The frame itself takes a detour (`turn0` to `back0`, one more veth pair), so that the notice is ahead of
 * it. A host with a cut sends a notice for each frame. Frames that no host has sent (the engine's bridge: IGMP, MLD) stop
 * here.
 */
import type { OpenUp } from '../cable/cables.ts';
import type { AgentCalls, CutRequest } from '../protocol.ts';
import { tool } from '../tool.ts';
import { CableEnds, force, linesOf } from './cable-ends.ts';

export interface Cable {
  /** `0` for `eth0`, `wire0`, `patch0`, `turn0`, `back0`. */
  index: number;
  /** The MAC of the card, as it was planned. */
  mac: string;
  members: string[];
  /** IPv4 and ARP from others are let in: from the engine's own card, which leads out of the lab. */
  internet?: boolean;
  /** An open cable: a thread takes frames up at `left0` and `come0`, and hands them on at `wire0` and `patch0`. */
  open?: true;
}

/** Ours alone: an engine's own rules in this namespace are in other tables. */
const TABLE = 'netdev lanlab';

/** An EtherType that nobody has. */
const NOTICE = '0x4c4c';

/** The time for which a foreign MAC is remembered after its last frame, and the most of them. Each frame has a notice anyway. */
const REMEMBERED = '10m';
const MOST_REMEMBERED = 65_535;

/** The whole table as one transaction, with the cuts that there are. A card without members hears nobody. */
export function compilePatch(cables: readonly Cable[], cuts: readonly CutRequest[]): string {
  const cut = cutOff(cuts);
  const parts = cables.flatMap((cable) => [
    ...heard(cable, cut),
    ...leaving(cable, cuts.length > 0),
    ...arriving(cable, cut),
  ]);
  return [`table ${TABLE}`, `delete table ${TABLE}`, `table ${TABLE} {`, ...parts, '}', ''].join('\n');
}

/** The MACs whose frames are let in: the members that are not cut off, and MACs whose last notice is from such a member. */
function heard({ index, members, internet }: Cable, cut: readonly string[]): string[] {
  const here = members.filter((mac) => !cut.includes(mac));
  const elements = here.length > 0 ? [`    elements = { ${here.join(', ')} }`] : [];
  const set = (name: string, elements: string[]) => [
    `  set ${name}${index} {`,
    `    type ether_addr; flags dynamic,timeout; size ${MOST_REMEMBERED};`,
    ...elements,
    '  }',
  ];
  return [...set('heard', elements), ...(internet ? set('unheard', []) : [])];
}

function leaving({ index, mac, open }: Cable, inCut: boolean): string[] {
  const notice = `${NOTICE}${digits(mac)}`;
  const on = open ? `exit${index}` : `wire${index}`;
  return [
    ...chain(`out${index}`, `patch${index}`, [
      ...(inCut ? [] : [`ether saddr ${mac} fwd to "${on}"`]),
      `dup to "turn${index}" @ll,96,64 set ${notice} fwd to "wire${index}"`,
    ]),
    ...chain(`behind${index}`, `back${index}`, [`fwd to "${on}"`]),
  ];
}

function arriving({ index, members, internet, open }: Cable, cut: readonly string[]): string[] {
  const remembered = `{ ether saddr timeout ${REMEMBERED} }`;
  const on = open ? `entry${index}` : `patch${index}`;
  const [them, us] = [`@unheard${index}`, `@heard${index}`];
  const gone = members.filter((mac) => cut.includes(mac)).map((mac) => `${NOTICE}${digits(mac)}`);
  return chain(`in${index}`, `wire${index}`, [
    ...(gone.length > 0
      ? [
          `@ll,96,64 { ${gone.join(', ')} } delete ${us} { ether saddr }${internet ? ` update ${them} ${remembered}` : ''} drop`,
        ]
      : []),
    `ether type ${NOTICE} update ${us} ${remembered}${internet ? ` delete ${them} { ether saddr }` : ''} drop`,
    `ether saddr ${us} fwd to "${on}"`,
    ...(internet ? outsiders(index, members, on) : []),
  ]);
}

/** Frames from out of the lab. The groups (IGMP) and the announcements of an engine's bridge stay outside. */
function outsiders(index: number, members: readonly string[], on: string): string[] {
  const others = `ether saddr != { ${members.join(', ')} } ether saddr != @unheard${index}`;
  const pass = `fwd to "${on}"`;
  return [`${others} ip protocol != igmp ${pass}`, `${others} ether type arp ${pass}`];
}

function chain(name: string, device: string, rules: readonly string[]): string[] {
  const hook = `    type filter hook ingress device "${device}" priority 0; policy drop;`;
  return [`  chain ${name} {`, hook, ...rules.map((rule) => `    ${rule}`), '  }'];
}

function digits(mac: string): string {
  return mac.replaceAll(':', '');
}

function cutOff(cuts: readonly CutRequest[]): string[] {
  return [...new Set(cuts.flatMap(({ from }) => from.map(({ mac }) => mac.toLowerCase())))].sort();
}

/** Cuts the cables of a host, wherever on them the cuts act. */
export interface Cutting {
  cut(request: CutRequest): Promise<void>;
  heal(id: string): Promise<void>;
  /** MACs whose frames are dropped. */
  cutOff(): Promise<string[]>;
}

export class Patch implements Cutting {
  #cables: readonly Cable[];
  #cuts: ReadonlyMap<string, CutRequest> = new Map();
  #last: Promise<unknown> = Promise.resolve();
  readonly #ends = new CableEnds();

  constructor(cables: readonly Cable[]) {
    this.#cables = cables;
  }

  /** A second cut of the same name replaces the first one. */
  async cut(request: CutRequest): Promise<void> {
    await this.#change((cuts) => cuts.set(request.id, request));
  }

  /** A cut that does not exist is no error. */
  async heal(id: string): Promise<void> {
    await this.#change((cuts) => cuts.delete(id));
  }

  /** Sets the cards whose frames are let in from now on, cable by cable. Cuts stay. */
  async admit(members: readonly string[][]): Promise<void> {
    this.#cables = this.#cables.map((cable, index) => ({
      ...cable,
      members: members[index] ?? cable.members,
    }));
    await this.load();
  }

  async cutOff(): Promise<string[]> {
    return cutOff([...this.#cuts.values()]);
  }

  /** Leads the frames of a card to the place where `carry` takes them up, between one frame and the next. */
  async openUp(card: string, mtu: number, carry: Parameters<OpenUp>[1]): Promise<void> {
    const cable = this.#cables.find(({ index }) => `eth${index}` === card);
    if (!cable) throw new Error(`this host has no card ${card}`);
    const { index } = cable;
    const [exit, left, entry, come] = ['exit', 'left', 'entry', 'come'].map((name) => `${name}${index}`);
    const made = [
      `link add name ${exit} mtu ${mtu} type veth peer name ${left} mtu ${mtu}`,
      `link add name ${entry} mtu ${mtu} type veth peer name ${come} mtu ${mtu}`,
      // A card that is up before its peer has no carrier at first. It sends nothing until the kernel has got round to it.
      ...[left, exit, come, entry].flatMap((name) => [
        `link set dev ${name} addrgenmode none`,
        `link set dev ${name} promisc on arp off up`,
      ]),
    ];
    await tool(['ip', '-batch', '-'], linesOf(made));
    try {
      await carry({
        out: { from: left!, to: `wire${index}` },
        in: { from: come!, to: `patch${index}` },
        mtu,
      });
      this.#cables = this.#cables.map((one) => (one.index === index ? { ...one, open: true } : one));
      await this.load();
    } catch (error) {
      this.#cables = this.#cables.map(({ open, ...one }) =>
        one.index === index ? one : { ...one, ...(open && { open }) },
      );
      await force([`link del ${exit}`, `link del ${entry}`]);
      throw error;
    }
  }

  /**
   * The card's cable ends at the engine's card of another network. A cable that ends there already stays as it is. `moved` tells
   * an open cable of it before a frame passes.
   */
  async rehang(
    card: { name: string; mac: string; mtu: number; members: string[] },
    { from, to }: { from: string; to: string },
    moved: () => Promise<void>,
  ): Promise<void> {
    const left = await this.#ends.lead(card, from, to);
    this.#cables = this.#cables.map((cable) =>
      `eth${cable.index}` === card.name ? { ...cable, members: card.members } : cable,
    );
    await moved();
    await this.load();
    await left();
  }

  async load(): Promise<void> {
    await this.#change(() => {});
  }

  /** Makes one change after the other, so that the last one is loaded. A change that nft refuses is not kept. */
  #change(change: (cuts: Map<string, CutRequest>) => unknown): Promise<void> {
    const changed = this.#last.then(async () => {
      const cuts = new Map(this.#cuts);
      change(cuts);
      await tool(['nft', '-f', '-'], compilePatch(this.#cables, [...cuts.values()]));
      this.#cuts = cuts;
    });
    this.#last = changed.catch(() => {});
    return changed;
  }
}

export function patchCalls(patch: () => Cutting | undefined): Pick<AgentCalls, 'cut' | 'heal' | 'cutOff'> {
  const there = () => {
    const found = patch();
    if (!found) throw new Error('this host has no patch: the nft command is missing');
    return found;
  };
  return {
    cut: async (request) => there().cut(request),
    heal: async ({ id }) => there().heal(id),
    cutOff: async () => (await patch()?.cutOff()) ?? [],
  };
}
