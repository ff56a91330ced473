/** A handshake of TLS on a socket that is connected, as its client. RFC 8446; certificates: RFC 5280, names: RFC 9525. */
import { readFileSync } from 'node:fs';
import { isIP, type Socket } from 'node:net';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { Endpoint } from './endpoint.ts';
import { answered, ended, failure, since, timedOut } from './failures.ts';
import { NOT_TLS, type TlsRequest, type TlsSession, type Untrusted } from './http-calls.ts';
import { plain } from './listener-events.ts';
import { NetworkFailure } from './protocol.ts';

export interface Secured {
  socket: TLSSocket;
  tls: TlsSession;
  /** Lines of SSLKEYLOGFILE (RFC 9850). */
  keys: string[];
}

/** OpenSSL says this of a first record that does not look like one of TLS. */
const NO_RECORD = 'ERR_SSL_WRONG_VERSION_NUMBER';

const FAULTS: Readonly<Record<string, Untrusted['fault']>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'other-name',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'other-signer',
  SELF_SIGNED_CERT_IN_CHAIN: 'other-signer',
  UNABLE_TO_GET_ISSUER_CERT: 'other-signer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'other-signer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'other-signer',
  CERT_SIGNATURE_FAILURE: 'other-signer',
};

/** The socket is closed where it throws: as a client does that does not trust the server. */
export async function secure(under: Socket, { name, ca }: TlsRequest, giveUp: number): Promise<Secured> {
  const start = performance.now();
  const local = plain(under.localAddress, under.localPort);
  under.on('error', () => {}); // The socket of TLS tells it.
  try {
    const { connect } = await import('node:tls');
    const socket = connect({
      socket: under,
      ca: trusted(ca, start),
      host: name,
      ...(isIP(name) === 0 && { servername: name }),
      ALPNProtocols: ['http/1.1'],
      // A certificate that is not trusted is looked at, too.
      rejectUnauthorized: false,
    });
    const keys: string[] = [];
    socket.on('keylog', (line) => keys.push(String(line).trimEnd()));
    await shakeHands(socket, giveUp, start, local);
    if (!socket.authorized) throw distrust(socket, name, start, { local, keys });
    return { socket, tls: sessionOf(socket, name), keys };
  } catch (error) {
    under.destroy();
    throw error;
  }
}

function trusted(path: string, start: number): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { data } = failure(error, 'handshake', start);
    throw new NetworkFailure({ ...data, message: `the file with those who are trusted: ${data.message}` });
  }
}

function shakeHands(socket: TLSSocket, giveUp: number, start: number, local: Endpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = (error?: NetworkFailure) => {
      clearTimeout(timer);
      socket.off('error', fail).off('secureConnect', over);
      if (error) reject(error);
      else resolve();
    };
    const fail = (error: NodeJS.ErrnoException) => over(explained(error, start, local));
    const timer = setTimeout(() => over(timedOut('handshake', start, local)), giveUp);
    socket.once('error', fail).once('secureConnect', over);
  });
}

function explained(error: NodeJS.ErrnoException, start: number, local: Endpoint): NetworkFailure {
  // A RST comes with a system call. Without one, it is Node's word for a FIN.
  if (error.code === 'ECONNRESET' && error.syscall === undefined) return ended('handshake', start, local);
  const { data } = answered(error, 'handshake', start, local);
  if (data.errno !== NO_RECORD) return new NetworkFailure(data);
  return new NetworkFailure({ ...data, errno: NOT_TLS, message: 'the answer is not TLS' });
}

function distrust(
  socket: TLSSocket,
  name: string,
  start: number,
  { local, keys }: { local: Endpoint; keys: string[] },
): NetworkFailure {
  const code = String(socket.authorizationError);
  const certificate = socket.getPeerCertificate(true);
  const untrusted: Untrusted = {
    fault: FAULTS[code] ?? 'other',
    names: certificate.subjectaltname?.split(', ') ?? [],
    signedBy: signerOf(certificate),
    from: Date.parse(certificate.valid_from),
    to: Date.parse(certificate.valid_to),
  };
  const message = `the certificate that came for ${name} is not trusted (${code})`;
  const after = since(start);
  return new NetworkFailure({
    ...{ kind: 'untrusted', errno: code, syscall: 'handshake', message, after, local, untrusted, keys },
  });
}

function sessionOf(socket: TLSSocket, name: string): TlsSession {
  return {
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    ...(isIP(name) === 0 && { serverName: name }),
    signedBy: signerOf(socket.getPeerCertificate(true)),
  };
}

function signerOf({ issuer }: DetailedPeerCertificate): string {
  return [issuer?.CN ?? []].flat().join(', ');
}
