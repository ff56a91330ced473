/**
 * What is an answer and what is none, on every engine: an ICMP error on the way is no silence, and it is the same in both
 * families, whoever asked: ping, a connected UDP socket, TCP.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import type { StepResult } from '../../lab/outcomes/step-result.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { describeNeeding } from '../needs.ts';

const REJECT = 'tcp dport 7 reject with icmpx admin-prohibited';

/** What `rr` does not know goes to `back`, and from there to `rr` again. */
const LAB = (net: number) => `
lab: answers
networks:
  lan: [10.${net}.1.0/24, "fd00:${net}:1::/64"]
  far: [10.${net}.2.0/24, "fd00:${net}:2::/64"]
hosts:
  rr: { forward: true, gateway: back, networks: [lan, far], reject: ["icmp alice > wall", "udp * > bounce:9000"] }
  back: { forward: true, gateway: rr, networks: [far] }
  alice: { networks: [lan] }
  lone: { networks: [lan], gateway: none }
  wall: { networks: [far] }
  mute: { networks: [far], deny: ["icmp * > mute"] }
  bounce: { service: udp-echo, networks: [far], reject: ["udp * > bounce:7"] }
  web: { service: tcp-echo, networks: [far] }
steps:
  - { at: web, exec: "nft add table inet own && nft 'add chain inet own in { type filter hook input priority 0; }' && nft add rule inet own in ${REJECT}" }
  - { at: lone, exec: "ip route add prohibit 10.98.0.0/16 && ip -6 route add prohibit fd00:98::/32" }
${steps('ipv4', '10.98.1.1', '10.99.9.9')}
${steps('ipv6', 'fd00:98::1', 'fd00:99::9')}
`;

/** By one family: `forbidden` by a route of the asker's own, `lost` with the routers. */
function steps(family: 'ipv4' | 'ipv6', forbidden: string, lost: string): string {
  const at = (address: string, port: number) =>
    family === 'ipv6' ? `"[${address}]:${port}"` : `"${address}:${port}"`;
  const by = `family: ${family}, give_up: 2s`;
  return `
  - { at: alice, ping: { to: web, ttl: 1, ${by} }, expect: { fails: unreachable } }
  - { at: alice, ping: { to: web, ttl: 1, ${by} }, expect: { fields: { sent: 1, received: 0 } } }
  - { at: alice, name: ${family} ttl, ping: { to: web, ttl: 1, ${by} }, expect: { fails: timeout } }
  - { at: alice, name: ${family} loop, ping: { to: "${lost}", give_up: 2s } }
  - { at: alice, name: ${family} wall, ping: { to: wall, ${by} } }
  - { at: alice, ping: { to: mute, family: ${family}, give_up: 1s }, expect: { fails: timeout, fields: { sent: 1, received: 0 } } }
  - { at: lone, name: ${family} no route, ping: { to: "${lost}", give_up: 2s } }
  - { at: lone, ping: { to: "${lost}", give_up: 2s }, expect: { fails: unreachable, fields: { received: 0 } } }
  - { at: lone, ping: { to: "${lost}", give_up: 2s }, expect: { fields: { received: 0 } } }
  - { at: lone, ping: { to: "${forbidden}", give_up: 2s }, expect: { fails: not-permitted } }
  - { at: lone, tcp: { to: ${at(forbidden, 80)}, give_up: 2s }, expect: { fails: not-permitted } }
  - { at: lone, udp: { to: ${at(forbidden, 80)}, send: x, connect: true }, expect: { fails: not-permitted } }
  - { at: alice, udp: { to: "bounce:9000", send: x, connect: true, family: ${family} }, expect: { fails: unreachable } }
  - { at: alice, name: ${family} at router, udp: { to: "bounce:9000", send: x, connect: true, family: ${family} }, expect: { receive: X } }
  - { at: alice, name: ${family} at host, udp: { to: "bounce:7", send: x, connect: true, family: ${family} }, expect: { receive: X } }
  - { at: alice, name: ${family} tcp, tcp: { to: "web:7", ${by} } }
  - { at: alice, tcp: { to: "web:7", ${by} }, expect: { fails: unreachable } }`;
}

/** What is found at the steps that have a name, and why. */
const FOUND = (family: 'ipv4' | 'ipv6', udp: string): Record<string, [found: RegExp, why: RegExp]> => ({
  [`${family} ttl`]: [
    /^unreachable: EHOSTUNREACH from ping/,
    /^the (TTL|hop limit) of 1 is used up at rr: web is 2 hops away$/,
  ],
  [`${family} loop`]: [
    /^unreachable: EHOSTUNREACH from ping/,
    /^packets for \S+ go in a circle: rr > back > rr$/,
  ],
  [`${family} wall`]: [
    /^unreachable: EHOSTUNREACH from ping/,
    /^rejected by a rule on rr: reject icmp alice > wall$/,
  ],
  [`${family} no route`]: [
    /^unreachable: ENETUNREACH from connect/,
    /gateway|no route|network is unreachable/,
  ],
  [`${family} at router`]: [
    new RegExp(`^unreachable: ${udp} from`),
    /rule on rr: reject udp \* > bounce:9000$/,
  ],
  [`${family} at host`]: [
    new RegExp(`^unreachable: ${udp} from`),
    /rule on bounce: reject udp \* > bounce:7$/,
  ],
  [`${family} tcp`]: [
    new RegExp(`^unreachable: ${udp} from connect`),
    /^rejected by a rule on web: tcp dport 7 reject/,
  ],
});

/** Networks are 10.NET.x.0/24 and fd00:NET:x::/64. */
export async function answersContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `answers on ${engine.name}`, () => claims(engine, net));
}

function claims(engine: Engine, net: number): void {
  let results: StepResult[] = [];
  const place = new AbortController();
  const said = { ...FOUND('ipv4', 'EHOSTUNREACH'), ...FOUND('ipv6', 'EACCES') };

  beforeAll(async () => {
    const scenario = loadScenario(LAB(net), 'answers.yaml', vocabulary);
    results = (await runScenario(scenario, { engine, signal: place.signal, capture: false })).steps;
  }, 120_000);
  afterAll(() => place.abort());

  test('whatever is claimed holds', () => {
    const wrong = results.filter(({ name, status }) => !((name ?? '') in said) && status !== 'held');
    expect(wrong.map(({ did, name, checks }) => ({ did, name, checks }))).toEqual([]);
  });

  describe('what is not claimed is said as it is', () => {
    test.for(Object.entries(said))('%s', ([name, [found, why]]) => {
      const wrong = results.find((step) => step.name === name)?.checks.find(({ held }) => !held);
      expect(wrong?.found).toMatch(found);
      expect(wrong?.why).toMatch(why);
    });
  });
}
