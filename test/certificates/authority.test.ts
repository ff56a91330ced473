/** The CA of a lab: its certificates as Node and OpenSSL read them, also where they are strict. */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newAuthority } from '../../lab/live/authority.ts';
import { describeNeeding } from '../needs.ts';

const run = promisify(execFile);
const WEB = { names: ['web', 'web.lan'], addresses: ['10.50.1.10', 'fd00:50:1::10'] };
const DAY = 24 * 3600 * 1000;

describe('the CA of a lab', () => {
  const authority = newAuthority('demo');
  const ca = new X509Certificate(authority.certificate);

  test('a certificate is for the names and addresses of its host, and for no others', () => {
    const certificate = new X509Certificate(authority.issue(WEB).certificate);
    for (const name of WEB.names) expect(certificate.checkHost(name)).toBe(name);
    for (const address of WEB.addresses) expect(certificate.checkIP(address)).toBeDefined();
    expect(certificate.checkHost('mail')).toBeUndefined();
    expect(certificate.checkIP('10.50.1.11')).toBeUndefined();
    expect(certificate.subject).toBe('CN=web');
    expect(certificate.issuer).toBe('CN=lanlab demo CA');
  });

  test('it is signed by the CA, which signs itself, and is none itself', () => {
    const { certificate, key } = authority.issue(WEB);
    const read = new X509Certificate(certificate);
    expect(read.verify(ca.publicKey)).toBe(true);
    expect(read.ca).toBe(false);
    expect(ca.ca).toBe(true);
    expect(ca.verify(ca.publicKey)).toBe(true);
    expect(() => createSecureContext({ cert: certificate, key })).not.toThrow();
  });

  test('every certificate has a key and a number of its own', () => {
    const all = Array.from({ length: 20 }, () => authority.issue(WEB));
    expect(new Set(all.map(({ key }) => key)).size).toBe(20);
    const numbers = all.map(({ certificate }) => new X509Certificate(certificate).serialNumber);
    expect(new Set(numbers).size).toBe(20);
    for (const number of numbers) expect(number).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  test('another lab of the same name has another CA', () => {
    const other = new X509Certificate(newAuthority('demo').certificate);
    expect(new X509Certificate(authority.issue(WEB).certificate).verify(other.publicKey)).toBe(false);
  });

  test('certificates hold from a day before the lab for a year', () => {
    const now = Date.parse('2026-11-30T12:00:00Z');
    const read = new X509Certificate(newAuthority('demo', now).issue(WEB).certificate);
    expect(read.validFromDate.getTime()).toBe(now - DAY);
    expect(read.validToDate.getTime()).toBe(now + 365 * DAY);
  });
});

const openssl = await run('openssl', ['version']).then(
  () => undefined,
  () => 'openssl is missing; apt-get install openssl',
);
describeNeeding('openssl', openssl, 'a certificate beside OpenSSL', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lanlab-ca-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('it is accepted by the strict rules of RFC 5280 for a server, and the key fits', async () => {
    const authority = newAuthority('demo');
    const { certificate, key } = authority.issue(WEB);
    const file = (name: string) => join(folder, name);
    await writeFile(file('ca.pem'), authority.certificate);
    await writeFile(file('cert.pem'), certificate);
    await writeFile(file('key.pem'), key);
    const strict = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', file('ca.pem')];
    for (const name of [
      ['-verify_hostname', 'web.lan'],
      ['-verify_ip', 'fd00:50:1::10'],
    ]) {
      const { stdout } = await run('openssl', [...strict, ...name, file('cert.pem')]);
      expect(stdout).toContain('OK');
    }
    await expect(run('openssl', [...strict, '-verify_hostname', 'mail', file('cert.pem')])).rejects.toThrow();
    const [own, its] = await Promise.all([
      run('openssl', ['pkey', '-in', file('key.pem'), '-pubout']),
      run('openssl', ['x509', '-in', file('cert.pem'), '-noout', '-pubkey']),
    ]);
    expect(own.stdout).toBe(its.stdout);
  });
});
