/** Two hosts behind two NATs of the kind that homes have, who punch holes for each other (RFC 5128 section 3.3). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import type { StepResult } from '../../lab/outcomes/step-result.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { describeNeeding } from '../needs.ts';

const LAB = (net: number) => `
lab: punched
networks: { ha: 10.${net}.1.0/24, hb: 10.${net}.2.0/24, world: 10.${net}.3.0/24, hc: 10.${net}.4.0/24 }
hosts:
  na: { forward: true, networks: [ha, world], nat: { outside: world } }
  nb: { forward: true, networks: [hb, world], nat: { outside: world } }
  nc: { forward: true, networks: [hc, world], nat: { outside: world, answers: true } }
  ann: { networks: [ha] }
  ben: { networks: [hb] }
  rdv: { service: udp-echo, networks: [world] }
  stranger: { networks: [world] }
steps:
  - { at: ann, name: the server sees ann, udp: { to: "rdv:9000", from: 5000, send: ann, as: ca }, expect: { receive: ANN, seen: { by: rdv, from: na, peer_port: 5000 } } }
  - { at: ben, name: and ben, udp: { to: "rdv:9000", from: 5000, send: ben, as: cb }, expect: { receive: BEN, seen: { by: rdv, from: nb, peer_port: 5000 } } }
  - { at: stranger, name: a stranger is neither let in nor answered, udp: { to: "na.world:5000", send: knock, connect: true }, expect: { receive: { nothing: true }, wire: { at: ann, never: ["udp stranger > *"] } } }
  - { at: ann, name: ann punches, udp: { use: ca, to: "nb.world:5000", send: punch } }
  - { at: ben, name: ben sends, udp: { use: cb, to: "na.world:5000", send: hello }, expect: { wire: [{ at: na, in_order: ["udp nb.world:5000 > na.world:5000"] }] } }
  - { at: ann, name: ann hears it, udp: { use: ca }, do: [{ receive: { text: hello, from: "nb.world:5000" } }] }
  - { at: stranger, name: a port that nobody inside has is not answered either, udp: { to: "na.world:5001", send: knock, connect: true }, expect: { receive: { nothing: true }, for: 200ms } }
  - { at: stranger, name: nor is a ping, ping: { to: na.world, give_up: 200ms }, expect: { fails: timeout } }
  - { at: stranger, name: a NAT with answers says that nobody listens, tcp: { to: "nc.world:5001" }, expect: { fails: refused } }
`;

/** Networks are 10.NET.x.0/24. */
export async function punchContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `punching on ${engine.name}`, () => {
    let results: StepResult[] = [];
    const place = new AbortController();

    beforeAll(async () => {
      const scenario = loadScenario(LAB(net), 'punched.yaml', vocabulary);
      results = (await runScenario(scenario, { engine, signal: place.signal, capture: false })).steps;
    }, 120_000);
    afterAll(() => place.abort());

    test('holds from the first datagram to the last', () => {
      expect(
        results.map(({ name, checks }) => ({ name, wrong: checks.filter(({ held }) => !held) })),
      ).toEqual(results.map(({ name }) => ({ name, wrong: [] })));
      expect(results).toHaveLength(9);
    });
  });
}
