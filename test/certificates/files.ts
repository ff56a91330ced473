/** The files of a lab's CA, and of a server that it has signed, for tests. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { newAuthority } from '../../lab/live/authority.ts';

export interface CertificateFiles {
  ca: string;
  certificate: string;
  key: string;
  /** The last two as they are read. */
  cert: string;
  keyText: string;
}

/** Removed when the test is over. `now` is when its year begins (milliseconds since 1970). */
export function certificateFor(
  names: string[],
  addresses: string[] = [],
  now = Date.now(),
): CertificateFiles {
  const folder = mkdtempSync(join(tmpdir(), 'lanlab-certificates-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const authority = newAuthority('test', now);
  const { certificate, key } = authority.issue({ names, addresses });
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return {
    ca: file('ca.pem', authority.certificate),
    certificate: file('cert.pem', certificate),
    key: file('key.pem', key),
    cert: certificate,
    keyText: key,
  };
}
