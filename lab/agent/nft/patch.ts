/**
 * The patch between a host's `eth0` and its network: `eth0` is one end of a veth pair, `patch0` the other, and
 * nftables forwards frames between `patch0` and the engine's card `wire0`. Faults act here, on the cable: a frame
 * dropped on its way in was sent, and is seen leaving, at the other end.
 *
 * A host may speak with any MAC. So that the other ends know whose frame it is, one that is not from the card's own MAC
 * goes out behind a notice: the same frame, but its EtherType and the six bytes behind that are NOTICE and the card's own
 * MAC. The frame itself takes a turn (`turn0` to `back0`, one more veth pair), so that the notice is ahead of it. A host
 * that stands in a cut does so for each frame. What no host has sent (the engine's bridge: IGMP, MLD) stops here.
 */
import type { OpenUp } from '../cable/cables.ts';
import type { AgentCalls, CutRequest } from '../protocol.ts';
import { tool } from '../tool.ts';

export interface Cable {
  /** `0` for `eth0`, `wire0`, `patch0`, `turn0`, `back0`. */
  index: number;
  /** The card's own, as it was planned. */
  mac: string;
  members: string[];
  /** IPv4 and ARP from others are let in: from the engine's own card, which leads out of the lab. */
  internet?: boolean;
  /** What passes does not go on by itself: it is taken up at `left0` and `come0`, and handed on at `wire0` and `patch0`. */
  open?: true;
}

/** Ours alone: an engine's own rules in this namespace are in other tables. */
const TABLE = 'netdev lanlab';

/** An EtherType that nobody has. */
const NOTICE = '0x4c4c';

/** How long a MAC that is no card's is remembered after its last frame, and how many: each frame has its notice anyway. */
const REMEMBERED = '10m';
const MOST_REMEMBERED = 65_535;

/** The whole table as one transaction, from what is cut now. A card without members hears nobody. */
export function compilePatch(cables: readonly Cable[], cuts: readonly CutRequest[]): string {
  const cut = cutOff(cuts);
  const parts = cables.flatMap((cable) => [
    ...heard(cable, cut),
    ...leaving(cable, cuts.length > 0),
    ...arriving(cable, cut),
  ]);
  return [`table ${TABLE}`, `delete table ${TABLE}`, `table ${TABLE} {`, ...parts, '}', ''].join('\n');
}

/** From whom frames are let in: the members that are not cut off, and whoever a notice of theirs has named last. */
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

/** Of an engine's bridge its groups (IGMP) and announcements are nobody's business. */
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

/** What cuts the cables of a host, wherever on them it stands. */
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

  constructor(cables: readonly Cable[]) {
    this.#cables = cables;
  }

  /** A second cut of the same name takes the first one's place. */
  async cut(request: CutRequest): Promise<void> {
    await this.#change((cuts) => cuts.set(request.id, request));
  }

  /** Healing what is not cut is no error. */
  async heal(id: string): Promise<void> {
    await this.#change((cuts) => cuts.delete(id));
  }

  /** The cards whose frames are the lab's from now on, cable by cable. What is cut stays cut. */
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

  /** Between one frame and the next, the frames of a card go where `carry` takes them up. */
  async openUp(card: string, mtu: number, carry: Parameters<OpenUp>[1]): Promise<void> {
    const cable = this.#cables.find(({ index }) => `eth${index}` === card);
    if (!cable) throw new Error(`this host has no card ${card}`);
    const { index } = cable;
    const [exit, left, entry, come] = ['exit', 'left', 'entry', 'come'].map((name) => `${name}${index}`);
    const made = [
      `link add name ${exit} mtu ${mtu} type veth peer name ${left} mtu ${mtu}`,
      `link add name ${entry} mtu ${mtu} type veth peer name ${come} mtu ${mtu}`,
      // A card that is up before its peer has no carrier then, and sends nothing until the kernel has got round to it.
      ...[left, exit, come, entry].flatMap((name) => [
        `link set dev ${name} addrgenmode none`,
        `link set dev ${name} promisc on arp off up`,
      ]),
    ];
    await tool(['ip', '-batch', '-'], made.map((line) => `${line}\n`).join(''));
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
      await tool(['ip', '-force', '-batch', '-'], `link del ${exit}\nlink del ${entry}\n`).catch(() => {});
      throw error;
    }
  }

  async load(): Promise<void> {
    await this.#change(() => {});
  }

  /** One after the other, so that the last one asked for is what is loaded; what nft refuses is not kept. */
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
