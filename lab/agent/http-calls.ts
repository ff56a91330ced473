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

export interface HttpCalls {
  httpOpen(request: { to: Endpoint; giveUp: number }): Promise<Connected>;
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
