import type { Check } from '../outcomes/check.ts';
import type { StepContext } from '../outcomes/context.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import type { Step } from '../scenario/types.ts';
import type { Objection } from '../scenario/vocabulary.ts';
import { type ExpectationKind, patience } from './expectation.ts';
import { type Looking, lookAt } from './wire/look.ts';
import { scopeOf } from './wire/scope.ts';
import { referencesOf, type View, viewsOf, type Wire, wireSchema } from './wire/value.ts';

/** Which frames hosts captured during the step: one a line, in hosts' names. */
export const wire: ExpectationKind<Wire> = {
  word: 'wire',
  summary:
    'Frames that were captured at a host since the step began, one a line: `PROTOCOL SOURCE > DESTINATION [word] [field=value …]`. ' +
    'Protocols are arp, icmp, icmpv6, udp, tcp, dhcp, dns, ip and frame; ends are hosts, `host.network`, addresses, `*`, broadcast or multicast, ' +
    'with `:port` for udp and tcp (arp, dhcp and frame go from card to card). Words are `who-has X` and `is-at` for arp, the message for icmp ' +
    '(`port-unreachable`), dhcp (`OFFER`) and dns (`query`, `answer`, `no-such-name`), flags for tcp ' +
    '(`SYN+ACK`, which neither a `SYN` nor an `ACK` is; PSH, URG, ECE and CWR count where they are named; `RST` is any reset; no flags: any segment). ' +
    'Fields are ttl, len, id, vlan, win, seq, ack, mss (`=5`, `>0`, `=60..64`; `seq=+1` counts from the side’s first), df, fragment, mac, from_mac, text and checksum; ' +
    'of dhcp gives, asks, server, router, dns and lease; of dns name and gives (that is DNS, mDNS and LLMNR: UDP ports 53, 5353 and 5355). ' +
    'A udp or tcp line without ports between the two ends of the step’s own conversation is about that conversation. ' +
    'A list of lines is `in_order`, at the step’s host. `only`, `never` and exact counts are claimed behind a barrier, and `for` extends them. ' +
    'Where frames may have passed unseen the step is incomplete: it counts as failed, and nothing is said to be missing.',
  wholeLab: true,
  example:
    'expect: { wire: { at: echo, in_order: ["tcp alice > echo SYN", "tcp echo > alice SYN+ACK"], ' +
    'never: ["tcp * > * RST"], count: { "tcp alice > echo SYN": 1 } } }',
  schema: wireSchema,

  references: referencesOf,

  objections(value, at) {
    return at === undefined ? withoutHost(value) : [];
  },

  captures(value, step) {
    return [...new Set(viewsOf(value).flatMap((view) => hostsOf(view, step)))];
  },

  async check(value, outcome, step, context) {
    const { wire } = context;
    if (!wire) return [notCaptured(outcome, step)];
    const looking = lookingOf(outcome, step, context, wire);
    const looks = viewsOf(value).flatMap((view) =>
      hostsOf(view, step).map((host) => lookAt(view, host, looking)),
    );
    return Promise.all(looks);
  },
};

function hostsOf({ at }: View, step: Step): string[] {
  return [at ?? step.at].flat();
}

function lookingOf(outcome: Outcome, step: Step, context: StepContext, wire: Looking['wire']): Looking {
  const deadline = performance.now() + patience(step);
  return { wire, scope: scopeOf(outcome, step, context, wire), deadline, hold: step.for ?? 0 };
}

/** A step that is done to the whole lab has no host whose frames would be meant. */
function withoutHost(value: Wire): Objection[] {
  const message = '`wire` does not say at which host';
  const hint = 'write wire: { at: HOST, in_order: […] }';
  const isListOfViews = Array.isArray(value) && !value.some((item) => 'line' in item);
  return viewsOf(value).flatMap(({ at }, index) =>
    at === undefined ? [{ path: isListOfViews ? [index] : [], message, hint }] : [],
  );
}

function notCaptured({ did }: Outcome, { at }: Step): Check {
  const found = `nothing was captured: ${did}`;
  return {
    kind: 'wire',
    at,
    came: 'nothing',
    what: 'on the wire',
    held: false,
    expected: 'a capture',
    found,
  };
}
