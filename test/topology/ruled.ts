/** Rules about networks, subnets, several ports, errors of ICMP and the router itself, on real hosts. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import type { StepResult } from '../../lab/outcomes/step-result.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { describeNeeding } from '../needs.ts';

const LAB = (net: number) => `
lab: ruled
networks: { office: 10.${net}.1.0/24, dmz: 10.${net}.2.0/24, home: 10.${net}.3.0/24 }
hosts:
  gw:
    forward: true
    networks: [office, dmz, home]
    deny: ["icmp web > bob port-unreachable", "tcp * > web:8999-9001"]
    allow: ["tcp office > dmz:7,9000-9100", "udp 10.${net}.1.0/25 > web:1-100", "tcp alice > gw:22", "icmp * > gw"]
  alice: { networks: { office: 10.${net}.1.21 } }
  bob: { networks: { office: 10.${net}.1.22 } }
  eve: { networks: { home: 10.${net}.3.21 } }
  zoe: { networks: { office: 10.${net}.1.200 } }
  web: { service: tcp-echo, networks: { dmz: 10.${net}.2.10 } }
steps:
  - { at: alice, name: one port of a set, tcp: { to: "web:7", send: hello }, expect: { receive: hello } }
  - { at: alice, name: one of a range that a denied range wins over, tcp: { to: "web:9000", give_up: 300ms }, expect: { fails: timeout } }
  - { at: alice, name: one of the range alone, tcp: { to: "web:9002" }, expect: { fails: refused } }
  - { at: eve, name: another network, tcp: { to: "web:7", give_up: 300ms }, expect: { fails: timeout } }
  - { at: alice, name: the router itself, tcp: { to: "gw:22" }, expect: { fails: refused } }
  - { at: alice, name: another port of it, tcp: { to: "gw:23", give_up: 300ms }, expect: { fails: timeout } }
  - { at: bob, name: another host, tcp: { to: "gw:22", give_up: 300ms }, expect: { fails: timeout } }
  - { at: bob, name: a ping of the router, ping: { to: gw } }
  - { at: alice, name: an error of ICMP comes back, udp: { to: "web:50", send: a, connect: true }, expect: { fails: refused } }
  - { at: bob, name: and is denied to one, udp: { to: "web:50", send: b, connect: true }, expect: { receive: { nothing: true }, for: 200ms } }
  - { at: zoe, name: an address beyond the subnet, udp: { to: "web:50", send: c }, expect: { wire: [{ at: gw, in_order: ["udp zoe > web:50 ttl=64"] }, { at: web, never: ["udp zoe > *"] }] } }
`;

/** Networks are 10.NET.x.0/24. */
export async function ruledContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `rules on ${engine.name}`, () => {
    let results: StepResult[] = [];
    const place = new AbortController();

    beforeAll(async () => {
      const scenario = loadScenario(LAB(net), 'ruled.yaml', vocabulary);
      results = (await runScenario(scenario, { engine, signal: place.signal, capture: false })).steps;
    }, 120_000);
    afterAll(() => place.abort());

    test('each is about what it names, and about nothing else', () => {
      expect(
        results.map(({ name, checks }) => ({ name, wrong: checks.filter(({ held }) => !held) })),
      ).toEqual(results.map(({ name }) => ({ name, wrong: [] })));
      expect(results).toHaveLength(11);
    });
  });
}
