/** A rule of nftables or iptables on the way that refuses the step's packet or its answer. */
import { familyOf } from '../model/address.ts';
import type { PathCause } from './cause.ts';
import type { Evidence } from './evidence/evidence.ts';
import type { Machine } from './evidence/machine.ts';
import { NOBODY_ASKED } from './evidence/nat-tables.ts';
import type { Packet } from './evidence/nft-match.ts';
import type { Chain, Ruleset } from './evidence/nft-ruleset.ts';
import { type Refusal, refusalOf } from './evidence/nft-verdict.ts';
import { asItCame, asItPasses } from './evidence/packet.ts';
import type { PathHost } from './evidence/path-host.ts';
import type { Symptom } from './evidence/symptom.ts';

/** How a step fails by each verdict; the kernel tells a UDP sender of a drop on the way out (EPERM). */
const SHOWS: Record<Refusal['verdict'], readonly Symptom[]> = {
  drop: ['silence', 'not-permitted'],
  reject: ['silence', 'refused', 'unreachable', 'reset'],
};
const DONE = { drop: 'dropped', reject: 'rejected' };

export const rule: PathCause = {
  word: 'rule',
  async find(evidence, pathHost) {
    const { target, symptom, leasing } = evidence;
    // A DHCP client sends below these rules.
    if (!target || target.cast === 'near' || leasing) return undefined;
    if (!Object.values(SHOWS).some((shows) => shows.includes(symptom))) return undefined;
    for (const one of await upTo(evidence, pathHost)) {
      const found = await refusalAt(one, evidence);
      if (found === 'unclear') return undefined;
      if (found === 'passes') continue;
      // Hosts after a refusal do not matter.
      const shown = one === pathHost && SHOWS[found.verdict].includes(symptom);
      // Another cause tells whose mapping it is, and which peers it lets in.
      if (found.shown === NOBODY_ASKED && target.transport === 'udp') return undefined;
      return shown ? saying(found, pathHost) : undefined;
    }
    return undefined;
  },
};

/** The hosts that the packet has passed; for an answer those of the question too. */
async function upTo({ pathHosts }: Evidence, pathHost: PathHost): Promise<PathHost[]> {
  const own = await pathHosts(pathHost.leg);
  const asked = pathHost.leg === 'back' ? await pathHosts('forth') : [];
  return [...asked, ...own.slice(0, own.indexOf(pathHost) + 1)];
}

async function refusalAt(pathHost: PathHost, evidence: Evidence): Promise<Refusal | 'passes' | 'unclear'> {
  const { machine, came, end } = pathHost;
  const { target } = evidence;
  if (!target) return 'unclear';
  const rules = await machine.rules();
  if (!came) return refusalOf(rules, asItCame(pathHost, target, evidence), 'out');
  const pass = end?.at === 'target' ? 'in' : 'through';
  const early = rules.filter((chain) => chain.hook === undefined || isEarly(chain));
  const late = rules.filter((chain) => !isEarly(chain));
  const first = refusalOf(early, asItCame(pathHost, target, evidence), pass);
  const whole = first === 'passes' ? refusalOf(late, asItPasses(pathHost, target, evidence), pass) : first;
  if (whole !== 'passes' || !inFragments(pathHost, evidence)) return whole;
  const later: Packet = { ...asItPasses(pathHost, target, evidence), laterFragment: true };
  const found = refusalOf(
    rules.filter((chain) => seesFragments(chain, pass, machine, rules)),
    later,
    pass,
  );
  return typeof found === 'string' ? found : { ...found, fragments: true };
}

/** Whether the datagram did not fit a cable on its way, and comes in fragments. */
function inFragments({ leg, came }: PathHost, { outcome, target, here }: Evidence): boolean {
  if (leg === 'back' || !came || target?.transport !== 'udp') return false;
  const headers = familyOf(target.address) === 'ipv6' ? IPV6_AND_UDP : IPV4_AND_UDP;
  const narrow = Math.min(came.out.mtu, ...here.cards.map(({ mtu }) => mtu));
  return (outcome.datagram ?? 0) + headers > narrow;
}

const IPV4_AND_UDP = 28;
const IPV6_AND_UDP = 48;

/** Whether rules see fragments. A host reassembles its own before its rules, and so does a router that tracks connections. */
function seesFragments({ hook }: Chain, pass: 'in' | 'through', { host }: Machine, rules: Ruleset): boolean {
  if (hook === 'ingress') return true;
  const { nat, firewall } = host.plan;
  return pass === 'through' && !nat && !firewall && !rules.some(({ rules: all }) => all.some(tracks));
}

/** Whether a rule uses connection tracking anywhere. */
function tracks(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key === 'ct' || tracks(inner));
}

/** The priority at which netfilter translates destinations (nft(8)): earlier chains see the packet as it came. */
const DSTNAT = -100;

function isEarly({ hook, priority }: Chain): boolean {
  return hook === 'ingress' || (hook === 'prerouting' && priority < DSTNAT);
}

function saying({ verdict, shown, fragments }: Refusal, { leg, machine }: PathHost): string {
  const forth = fragments ? 'fragments of the datagram are ' : '';
  const what = leg === 'forth' ? forth : 'the answer is ';
  return `${what}${DONE[verdict]} by a rule on ${machine.name}: ${shown}`;
}
