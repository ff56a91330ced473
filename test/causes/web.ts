/** For the contract of causes: web servers that have no such page, speak TLS, end, or stand still. */
import { newAuthority } from '../../lab/live/authority.ts';
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

const YEAR = 365 * 24 * 3600 * 1000;
const NOW = Date.now();

/** A server with a certificate that the test has signed, as it would be signed this long ago. */
function signedAgo(name: string, ago: number): { host: string; ca: string } {
  const authority = newAuthority(name, NOW - ago);
  const { certificate, key } = authority.issue({ names: [name, `${name}.example`], addresses: [] });
  const files = { '/etc/lanlab/tls/cert.pem': certificate, '/etc/lanlab/tls/key.pem': key };
  return { host: host(name, { service: 'files', tls: true, files }), ca: authority.certificate };
}
const [mail, old, early] = [signedAgo('mail', 0), signedAgo('old', 2 * YEAR), signedAgo('early', -2 * YEAR)];
const day = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 10);

/** Answers whatever comes with an alert, or not at all. */
const played = (name: string, answer: string) =>
  host(name, {
    command: [
      'node',
      '-e',
      `require('net').createServer((s) => s.once('data', () => ${answer})).listen(443)`,
    ],
    ready: { tcp: 443 },
  });

export const SECURED: Failing = {
  title: 'certificates',
  yaml: `
lab: secured
networks: { office: 10.91.NET.0/24 }
hosts:
${host('web', { service: 'files', tls: true })}
${mail.host}
${old.host}
${early.host}
${played('alerting', "s.write(Buffer.from('15030300020228', 'hex'))")}
${played('leaving', 's.end()')}
${played('silent', '0')}
  alice: ${JSON.stringify({ networks: ['office'], files: { '/srv/mail.pem': mail.ca, '/srv/old.pem': old.ca, '/srv/early.pem': early.ca } })}
steps:
  - { name: a page that is not there, at: alice, http: { to: "https://web/x" } }
  - { name: TLS to a port of HTTP, at: alice, http: { to: "https://web:80" } }
  - { name: plain HTTP to a port of HTTPS, at: alice, http: { to: "web:443" } }
  - { name: a certificate of somebody else, at: alice, http: { to: "https://mail" } }
  - { name: a failure that is expected in another way, at: alice, http: { to: "https://mail" }, expect: { fails: refused } }
  - { name: a certificate for other names, at: alice, http: { to: "https://mail.office", ca: /srv/mail.pem } }
  - { name: another signer than the one of a file, at: alice, http: { to: "https://web", ca: /srv/mail.pem } }
  - { name: a certificate that has expired, at: alice, http: { to: "https://old", ca: /srv/old.pem } }
  - { name: a certificate that begins later, at: alice, http: { to: "https://early", ca: /srv/early.pem } }
  - { name: a file that is missing, at: alice, http: { to: "https://web", ca: /srv/none.pem } }
  - { name: a server that refuses the handshake, at: alice, http: { to: "https://alerting" } }
  - { name: a server that ends the handshake, at: alice, http: { to: "https://leaving" } }
  - { name: a server that is silent, at: alice, http: { to: "https://silent", give_up: 300ms } }
  - { fault: { stop: web } }
  - { name: a server that was stopped, at: alice, http: { to: "https://web" } }
`,
  says: {
    'a page that is not there': /^404 from web: it has no \/x; it says "404: There is no file/,
    'TLS to a port of HTTP': /^web:80 does not speak TLS: it answered, but not in TLS$/,
    'plain HTTP to a port of HTTPS':
      /^web's port 443 is for https, and the request was plain HTTP: its program says ERR_SSL_HTTP_REQUEST$/,
    'a certificate of somebody else':
      /^the certificate of mail is signed by "lanlab mail CA", not by the CA of the lab$/,
    'a failure that is expected in another way':
      /^the certificate of mail is signed by "lanlab mail CA", not by the CA of the lab$/,
    'a certificate for other names':
      /^the certificate of mail is for mail, mail\.example, not for mail\.office$/,
    'another signer than the one of a file':
      /^the certificate of web is signed by "lanlab secured CA", not by anybody in \/srv\/mail\.pem of alice$/,
    'a certificate that has expired': new RegExp(
      `^the certificate of old has expired: it held until ${day(NOW - YEAR)} \\d\\d:\\d\\d UTC$`,
    ),
    'a certificate that begins later': new RegExp(
      `^the certificate of early does not hold yet: it begins on ${day(NOW + 2 * YEAR - YEAR / 365)} \\d\\d:\\d\\d UTC$`,
    ),
    'a file that is missing': undefined,
    'a server that refuses the handshake': undefined,
    'a server that ends the handshake': undefined,
    'a server that is silent': undefined,
    'a server that was stopped': /^RST from web: nothing listens on 443; its program was stopped by step 14$/,
  },
};
