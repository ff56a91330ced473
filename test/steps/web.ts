/** Steps that speak HTTP, done on real hosts: every step of the lab must hold. */
import { describe, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import { describeNeeding } from '../needs.ts';
import { webHost } from '../web-program.ts';
import { everyStepHolds } from './every-step.ts';

const LAB = `
lab: web
networks: { lan: [10.NET.1.0/24, "fd00:NET:1::/64"] }
hosts:
  alice: { networks: [lan] }
${webHost('web', ['lan'])}
capture: all
steps:
  - name: a page
    at: alice
    http: { to: "http://web:8080/hello" }
    expect:
      receive: hello
      fields: { status: 200, content-type: text/plain }
      seen: web
      wire: ["tcp alice > web:8080 SYN", "http alice > web:8080 GET path=/hello", "http web > alice 200", "tcp alice > web FIN+ACK"]
  - name: a page by IPv6
    at: alice
    http: { to: "web:8080", path: /hello, family: ipv6 }
    expect: { receive: hello, seen: web, fields: { remote_address: "/:/" } }
  - name: requests on one connection
    at: alice
    http:
      to: "web:8080"
      requests:
        - { path: /hello, receive: hello }
        - { path: /nothing, status: 404, receive: no /nothing }
        - { path: /form, body: a=b, receive: POST /form a=b }
        - { path: /old, status: 302 }
    expect:
      fields: { status: 302, location: /hello }
      seen: { by: web, event: accept, count: 1 }
      wire: { count: { "tcp alice > web:8080 SYN": 1, "http alice > web GET": 3, "http alice > web POST path=/form": 1, "http web > alice 200": 2 } }
  - { name: a port that nobody has, at: alice, http: { to: web }, expect: { fails: refused } }
  - { name: an answer that does not come, at: alice, http: { to: "web:8080", path: /silent, give_up: 300ms }, expect: { fails: timeout } }
  - name: a FIN in place of an answer
    at: alice
    http: { to: "web:8080", path: /leave }
    expect: { fails: closed, wire: ["tcp web > alice FIN+ACK"] }
  - name: a reset in place of an answer
    at: alice
    http: { to: "web:8080", path: /reset }
    expect: { fails: reset, wire: ["tcp web > alice RST+ACK"] }
  - { fault: { cut: [alice, web] } }
  - { name: a server that is cut off, at: alice, http: { to: "web:8080", give_up: 300ms }, expect: { fails: timeout } }
`;

/** The network is 10.NET.1.0/24, and fd00:NET:1::/64. */
export async function webContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `http on ${engine.name}`, () => {
    describe('between hosts', () => {
      test('every step holds', async () => {
        await everyStepHolds(LAB.replaceAll('NET', `${net}`), 'web.yaml', engine);
      }, 120_000);
    });
  });
}
