/** Which hosts have a certificate, for which names, and who trusts the lab's CA. The content of the files comes later. Pure. */
import type { PlannedFile, PlannedHost, PlannedTls } from '../model/planned.ts';
import { OWN, TLS_FILES, type TlsFile, TRUST } from '../model/tls.ts';
import type { Host } from '../model/types.ts';

/** One host with a certificate is enough: then every host of the lab trusts its CA. */
export function fillTls(hosts: readonly PlannedHost[], written: readonly Host[]): void {
  const serving = new Set(written.filter(({ tls }) => tls).map(({ name }) => name));
  if (serving.size === 0) return;
  for (const host of hosts) {
    const serves = serving.has(host.name);
    const kinds: TlsFile[] = serves ? ['ca', 'certificate', 'key'] : ['ca'];
    host.env = { ...TRUST };
    if (serves) host.tls = tlsOf(host);
    host.files = [...host.files, ...kinds.filter((kind) => !writes(host, kind)).map(made)];
    if (!host.program) continue;
    const env = { ...TRUST, ...(serves && OWN), ...host.program.env };
    host.program = { ...host.program, env };
  }
}

/** A file that the scenario writes itself stays as it is. */
function writes({ files }: PlannedHost, kind: TlsFile): boolean {
  return files.some(({ path }) => path === TLS_FILES[kind]);
}

function made(kind: TlsFile): PlannedFile {
  return { path: TLS_FILES[kind], content: { text: '' }, made: kind };
}

/** The names that hosts files and name servers have for it, and its addresses. */
function tlsOf({ name, interfaces }: PlannedHost): PlannedTls {
  return {
    names: [name, ...interfaces.map(({ network }) => `${name}.${network}`)],
    addresses: interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
  };
}
