/** A port of one NAT that leads to a port of the next: it is the host at the end that has seen the client. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import type { StepResult } from '../../lab/outcomes/step-result.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { describeNeeding } from '../needs.ts';

const LAB = (net: number) => `
lab: ports-in-a-row
networks: { home: 10.${net}.1.0/24, isp: 10.${net}.2.0/24, out: 10.${net}.3.0/24 }
hosts:
  box: { forward: true, networks: [home, isp], nat: { outside: isp, ports: { "8080": "web:9000", udp: { "53": "bounce:9000" } } } }
  cgn: { forward: true, networks: [isp, out], nat: { outside: out, ports: { "80": "box:8080", udp: { "80": "box:53" } } } }
  web: { service: tcp-echo, networks: [home] }
  bounce: { service: udp-echo, networks: [home] }
  alice: { networks: [out] }
steps:
  - { at: alice, name: tcp, tcp: { to: "cgn:80", send: hi }, expect: { receive: HI, seen: web } }
  - { at: alice, name: udp, udp: { to: "cgn:80", send: hi }, expect: { receive: HI, seen: bounce } }
  - { at: alice, name: of the host that asked, tcp: { to: "cgn:80", send: hi }, expect: { seen: { by: web, from: alice } } }
  - { at: box, name: back to who asked, tcp: { to: "cgn.out:80", send: hi }, expect: { receive: HI, seen: { by: web, from: cgn } } }
  - { at: box, name: not of the router itself, tcp: { to: "box.isp:8080" }, expect: { fails: refused } }
`;

/** Networks are 10.NET.x.0/24. */
export async function portsContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `ports in a row on ${engine.name}`, () => {
    let results: StepResult[] = [];
    const place = new AbortController();

    beforeAll(async () => {
      const scenario = loadScenario(LAB(net), 'ports.yaml', vocabulary);
      results = (await runScenario(scenario, { engine, signal: place.signal, capture: false })).steps;
    }, 120_000);
    afterAll(() => place.abort());

    test('every one is followed to its end', () => {
      expect(
        results.map(({ name, checks }) => ({ name, wrong: checks.filter(({ held }) => !held) })),
      ).toEqual(
        ['tcp', 'udp', 'of the host that asked', 'back to who asked', 'not of the router itself'].map(
          (name) => ({ name, wrong: [] }),
        ),
      );
    });
  });
}
