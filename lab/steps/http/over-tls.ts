/** HTTP over TLS: what the scenario must have for it, what the agent is asked for, and the facts of the session. RFC 9110 section 4.2.2. */
import type { TlsRequest, TlsSession } from '../../agent/protocol.ts';
import { type ParsedEndpoint, parseEndpoint } from '../../model/endpoint.ts';
import { Wrong } from '../../model/reading.ts';
import { TLS_FILES } from '../../model/tls.ts';
import type { Host } from '../../model/types.ts';
import type { Outcome } from '../../outcomes/outcome.ts';
import { portOf, readWebTarget, type WebTarget } from '../../scenario/values/http-values.ts';
import type { Objection } from '../../scenario/vocabulary.ts';

/** A server of HTTPS needs a certificate, and its client somebody who has signed it. */
export function objectionsTo(
  { to, ca }: { to: string; ca?: string | undefined },
  hosts: ReadonlyMap<string, Host>,
): Objection[] {
  const server = readWebTarget(to);
  if (server instanceof Wrong || !server.tls) return [];
  const host = hosts.get(hostOf(server) ?? '');
  if (host && !maySpeakTls(host, server)) {
    const hint = `write tls: true at the host \`${host.name}\`, or to: "http://${server.endpoint.replace(/:443$/, '')}"`;
    return [{ path: ['to'], message: `\`${host.name}\` has no certificate, so it cannot speak TLS`, hint }];
  }
  const all = [...hosts.values()];
  if (ca !== undefined || all.some((one) => one.tls || writesCa(one))) return [];
  const hint = 'write ca: /srv/ca.pem, a file of the host with the certificates that it trusts';
  return [{ path: ['to'], message: 'the lab has no CA: no host has `tls`, so nobody is trusted', hint }];
}

/** It has a certificate, or a program of its own, or leads the port to another host. */
function maySpeakTls({ tls, program, nat }: Host, server: WebTarget): boolean {
  if (tls || (program && program.kind !== 'service')) return true;
  const { port } = partsOf(server)!;
  return nat?.ports.some((one) => one.transport === 'tcp' && one.port === port) === true;
}

function writesCa({ files }: Host): boolean {
  return files.some(({ path }) => path === TLS_FILES.ca);
}

/** The name of the host; undefined for an address. */
function hostOf(server: WebTarget): string | undefined {
  const parts = partsOf(server);
  return parts?.target.kind === 'host' ? parts.target.host : undefined;
}

function partsOf(server: WebTarget): ParsedEndpoint | undefined {
  const parsed = parseEndpoint(server.endpoint, portOf(server));
  return parsed instanceof Wrong ? undefined : parsed;
}

/** The server is known by the name that the scenario has for it: `web`, `web.lan`, or an address. */
export function tlsRequest(
  server: WebTarget,
  ca: string | undefined,
  address: string,
): TlsRequest | undefined {
  if (!server.tls) return undefined;
  const name = hostOf(server) === undefined ? address : server.endpoint.replace(/:\d+$/, '');
  return { name, ca: ca ?? TLS_FILES.ca };
}

export function tlsFields({ version, cipher, serverName, signedBy }: TlsSession): Outcome['fields'] {
  return {
    tls: version,
    cipher,
    ...(serverName !== undefined && { server_name: serverName }),
    signed_by: signedBy,
  };
}
