/** For the contract of causes: web servers that have no such page, speak TLS, end, or stand still. */
import { WEB } from '../web-program.ts';
import type { Failing } from './contract.ts';

/** Servers of TCP that answer whatever comes with these bytes. `secure`: an alert of TLS 1.2, unexpected message (RFC 5246 section 7.2). */
const answering = (bytes: string) =>
  `require('net').createServer((s) => s.once('data', () => s.end(Buffer.from('${bytes}', 'hex')))).listen(8443, () => console.log('up'))`;
const SECURE = answering('1503030002020a');
const MAIL = answering(Buffer.from('220 mail ESMTP\r\n').toString('hex'));

const host = (name: string, program: object) =>
  `  ${name}: ${JSON.stringify({ ...program, networks: ['office'] })}`;
const said = (source: string) => ({ command: ['node', '-e', source], ready: { log: 'up' } });

export const ON_THE_WEB: Failing = {
  title: 'web servers',
  yaml: `
lab: web
networks: { office: 10.91.NET.0/24 }
hosts:
${host('web', WEB)}
${host('secure', said(SECURE))}
${host('mail', said(MAIL))}
  alice: { networks: { office: 10.91.NET.21 } }
steps:
  - { name: a page that is not there, at: alice, http: { to: "web:8080", path: "/x?y=1" } }
  - { name: a page that is not there though it was asked for, at: alice, http: { to: "http://web:8080/x" }, expect: { fields: { status: 200 } } }
  - { name: the second of two pages, at: alice, http: { to: "web:8080", requests: [{ path: /hello }, { path: /y }] } }
  - { name: another page than expected, at: alice, http: { to: "web:8080", path: /hello }, expect: { fields: { status: 404 } } }
  - { name: another body than expected, at: alice, http: { to: "web:8080", path: /x }, expect: { fields: { status: 404 }, receive: hello } }
  - { name: a server that speaks TLS, at: alice, http: { to: "secure:8443" } }
  - { name: a server that speaks something else, at: alice, http: { to: "mail:8443" } }
  - { name: a port without a server, at: alice, http: { to: web } }
  - { name: a server that ends the connection, at: alice, http: { to: "web:8080", path: /leave } }
  - { fault: { pause: web, as: nap } }
  - { name: a server that is paused, at: alice, http: { to: "web:8080", path: /hello, give_up: 300ms } }
  - { heal: nap }
  - { fault: { stop: web } }
  - { name: a server that was stopped, at: alice, http: { to: "web:8080", path: /hello } }
`,
  says: {
    'a page that is not there': /^404 from web: it has no \/x\?y=1; it says "no \/x\?y=1"$/,
    'a page that is not there though it was asked for': /^404 from web: it has no \/x$/,
    'the second of two pages': /^404 from web: it has no \/y; it says "no \/y"$/,
    'another page than expected': undefined,
    'another body than expected': undefined,
    'a server that speaks TLS':
      /^secure answered in TLS: its port 8443 is for https, and the request was plain HTTP$/,
    'a server that speaks something else': undefined,
    'a port without a server': /^RST from web: nothing listens on 80 \(it listens on 8080\)$/,
    'a server that ends the connection': undefined,
    'a server that is paused':
      /^web's program is paused \(SIGSTOP\) by step 10: its kernel still accepts, nobody reads$/,
    'a server that was stopped':
      /^RST from web: nothing listens on 8080; its program was stopped by step 13$/,
  },
};
