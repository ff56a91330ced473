/** The agent's calls for HTTP: a connection, and requests on it, one after the other. RFC 9112. All times are milliseconds. */
import type { Endpoint } from './endpoint.ts';
import type { Connected, Handle } from './opened.ts';

export interface HttpRequest {
  method: string;
  /** The target of the request as it is sent, with its query (RFC 9112 section 3.2.1). */
  path: string;
  /** Names as they are sent, in order. `Host` is among them. */
  headers: [name: string, value: string][];
  body?: Uint8Array;
}

export interface HttpAnswer {
  status: number;
  /** The words behind the status; they may be empty. */
  reason: string;
  /** `1.1`, as the answer says. */
  version: string;
  /** Names in lower case. Values of one name are joined by a comma (RFC 9110 section 5.3). */
  headers: Record<string, string>;
  /** Bytes of the body, without the framing of its transfer. */
  bytes: number;
  /** Of the whole body, in lower-case hex. */
  sha256: string;
  /** The first bytes of the body, at most `keep` of the request. */
  head: Uint8Array;
}

/** The `errno` of a server that answers a client of TLS in something else. */
export const NOT_TLS = 'NOT_TLS';

export interface TlsRequest {
  /** The server as it was named: its certificate has to be for this name, or for this address. */
  name: string;
  /** Path of a file of the host with the certificates that are trusted, as PEM, and no others. */
  ca: string;
}

/** A session of TLS that is open (RFC 8446). */
export interface TlsSession {
  /** `TLSv1.3`, and the IANA name of the cipher suite. */
  version: string;
  cipher: string;
  /** The name that was asked for (RFC 6066 section 3); absent for an address. */
  serverName?: string;
  /** The common name of the signer of the server's certificate. */
  signedBy: string;
}

/** A certificate that was not trusted. */
export interface Untrusted {
  fault: 'other-name' | 'other-signer' | 'expired' | 'not-yet' | 'other';
  /** Its names as it has them: `DNS:web`, `IP Address:10.50.1.1`. */
  names: string[];
  /** The common name of its signer; it may be empty. */
  signedBy: string;
  /** Milliseconds since 1970 between which it holds. */
  from: number;
  to: number;
}

export interface HttpCalls {
  /**
   * With `tls`, a handshake follows. Throws a NetworkFailure: `untrusted` with the facts of the certificate, `other` with
   * NOT_TLS where the server has answered in something else, or with `ERR_SSL_…`. `keys` are lines for readers of captures
   * (SSLKEYLOGFILE, RFC 9850).
   */
  httpOpen(request: {
    to: Endpoint;
    giveUp: number;
    tls?: TlsRequest;
  }): Promise<Connected & { tls?: TlsSession; keys?: string[] }>;
  /**
   * Sends a request and reads its whole answer. Redirects are not followed. Throws a NetworkFailure: `closed` with `EOF` where
   * the server's FIN came before the end of the answer, `other` with `HPE_…` where the answer is not HTTP.
   */
  httpAsk(request: {
    handle: Handle;
    request: HttpRequest;
    keep: number;
    giveUp: number;
  }): Promise<HttpAnswer>;
}
