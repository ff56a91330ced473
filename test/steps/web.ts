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
  secure: { service: files, tls: true, networks: { lan: [10.NET.1.40, "fd00:NET:1::40"] }, files: { /srv/files/hello: hello } }
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
  - name: a page over TLS
    at: alice
    http: { to: "https://secure/hello" }
    expect:
      receive: hello
      fields: { status: 200, tls: TLSv1.3, server_name: secure, signed_by: lanlab web CA, remote_port: 443 }
      seen: secure
      wire: ["tcp alice > secure:443 SYN", "tls alice > secure ClientHello name=secure", "tls secure > alice ServerHello", "tls alice > secure data"]
  - name: requests on one session
    at: alice
    http: { to: "https://secure.lan:443", requests: [{ path: /hello, receive: hello }, { path: /no, status: 404 }, { path: /hello }] }
    expect: { receive: hello, seen: { by: secure, event: accept, count: 1 }, wire: { count: { "tls alice > secure ClientHello name=secure.lan": 1 } } }
  - { name: an address over TLS, at: alice, http: { to: "https://10.NET.1.40/hello" }, expect: { receive: hello, wire: ["tls alice > secure ClientHello"] } }
  - { name: an address of IPv6 over TLS, at: alice, http: { to: "https://[fd00:NET:1::40]/hello" }, expect: { receive: hello, fields: { tls: TLSv1.3 } } }
  - { name: a command trusts the CA, at: alice, exec: [node, -e, "fetch('https://secure/hello').then(async (a) => process.stdout.write(await a.text()))"], expect: { receive: hello } }
  - { fault: { stop: secure } }
  - { name: a server of TLS that is not there, at: alice, http: { to: "https://secure" }, expect: { fails: refused } }
  - { start: secure }
  - { name: the same certificate after a start, at: alice, http: { to: "https://secure/hello" }, expect: { receive: hello } }
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
