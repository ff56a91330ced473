/** Keys of hosts in one lab: static routes, MTUs of cards, networks of two hosts, modes of files, shared programs. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import type { RunResult } from '../../lab/reports/result.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { describeNeeding } from '../needs.ts';

/** `one` and `two` both join the office and the dmz; `two` leads on by a line of two addresses. */
export const HOSTS = (net: number) => `
lab: hosts
networks:
  office: [10.${net}.1.0/24, "fd00:${net}:1::/64"]
  dmz: [10.${net}.2.0/24, "fd00:${net}:2::/64"]
  line: [10.${net}.3.0/31, "fd00:${net}:3::/127"]
programs:
  answer:
    command: [/srv/answer]
    files:
      /srv/answer: { text: "#!/bin/sh\\nexec socat TCP-LISTEN:$PORT,fork,reuseaddr SYSTEM:'cat /srv/word'\\n", mode: "0755" }
      /srv/word: nothing
    env: { PORT: 8000 }
    ready: { tcp: 8000 }
hosts:
  one: { forward: true, networks: [office, dmz] }
  two: { forward: true, networks: { office: null, dmz: null, line: null }, gateway: one }
  end: { program: answer, files: { /srv/word: end }, networks: { line: [10.${net}.3.1, "fd00:${net}:3::1"] } }
  web: { program: answer, files: { /srv/word: web }, env: { PORT: 8001 }, ready: { tcp: 8001 }, networks: { dmz: [10.${net}.2.10, "fd00:${net}:2::10"] }, gateway: one }
  slim: { networks: { office: { address: [10.${net}.1.40, "fd00:${net}:1::40"], mtu: 1400 } }, gateway: one }
  alice:
    networks: [office]
    routes: { 10.${net}.2.0/24: one, 10.${net}.2.10/32: two, "fd00:${net}:2::/64": two, 10.${net}.3.0/31: two, "fd00:${net}:3::/127": two }
    files: { /srv/secret: { text: x, mode: "0600" }, /srv/run: { text: x, mode: "755" }, /srv/plain: x }
steps:
  - { name: a route to one address goes before that to its network, at: alice, tcp: { to: "web:8001" }, expect: { receive: web, wire: { at: two, any_order: ["tcp alice > web:8001 SYN"] } } }
  - { name: a route of IPv6 is taken, at: alice, ping: { to: web, family: ipv6 }, expect: { wire: { at: two, any_order: ["icmpv6 alice > web echo-request"] } } }
  - { name: a line of two addresses is reached, at: alice, tcp: { to: "end:8000" }, expect: { receive: end } }
  - { name: by IPv6 too, at: alice, ping: { to: end, family: ipv6 } }
  - { name: and between its two hosts, at: two, ping: { to: end.line } }
  - { name: a listener of every address listens there, at: two, listen: { udp: 9100, as: door } }
  - { name: and hears its peer, at: end, udp: { to: "two.line:9100", send: hello }, expect: { seen: two } }
  - { name: packets of the MTU leave a narrow card, at: slim, ping: { to: alice, size: 1372, df: true, family: ipv4 } }
  - { name: larger ones do not, at: slim, ping: { to: alice, size: 1373, df: true, family: ipv4 }, expect: { fails: too-large } }
  - { name: larger ones do not come to it, at: alice, ping: { to: slim, size: 1400, df: true, family: ipv4, give_up: 300ms }, expect: { fails: timeout } }
  - { name: files have their modes, at: alice, exec: "stat -c %a /srv/secret /srv/run /srv/plain | tr '\\n' ' '", expect: { receive: "600 755 644 " } }
`;

/** Networks are 10.NET.1.0/24 to 10.NET.3.0/31. */
export async function hostsContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  describeNeeding(
    engine.name,
    lacking && `${lacking.why}; ${lacking.hint}`,
    `hosts on ${engine.name}`,
    () => {
      let run: RunResult;
      beforeAll(async () => {
        run = await runScenario(loadScenario(HOSTS(net), 'hosts.yaml', vocabulary), {
          engine,
          signal: new AbortController().signal,
        });
      }, 120_000);

      describe('in one lab', () => {
        const steps = loadScenario(HOSTS(net), 'hosts.yaml', vocabulary).steps;
        test.each(steps.map(({ name }) => name!))('%s', (name) => {
          const step = run.steps.find((one) => one.name === name)!;
          expect(step.checks.filter(({ held }) => !held)).toEqual([]);
          expect(step.status, step.skipped?.why).toBe('held');
        });
      });
    },
  );
}
