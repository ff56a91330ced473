/** One request as a scenario writes it, and as the agent sends it. */
import type { z } from 'zod';
import type { HttpRequest } from '../../agent/protocol.ts';
import { materialise } from '../../model/bytes.ts';
import type { BytesSpec } from '../../model/types.ts';
import { showBytes } from '../../outcomes/show.ts';
import {
  headers,
  METHODS,
  type Method,
  method,
  path,
  portOf,
  type WebTarget,
  WITHOUT_BODY,
} from '../../scenario/values/http-values.ts';
import { bytes } from '../../scenario/values/values.ts';

/** The keys of a request. */
export const REQUEST = {
  method: method
    .exactOptional()
    .describe(
      `${METHODS.slice(0, -1).join(', ')} or ${METHODS.at(-1)}. GET by default, and POST with a \`body\`.`,
    ),
  path: path
    .exactOptional()
    .describe(
      'The path with its query, from the first `/` on. Characters beyond ASCII are written as %XX. / by default.',
    ),
  headers: headers
    .exactOptional()
    .describe(
      'Headers beside `Host`, `Connection` and `Content-Length`, which lanlab writes itself. `Host` can be another.',
    ),
  body: bytes.exactOptional().describe('The bytes of its body.'),
};

export interface Request {
  method?: Method;
  path?: string;
  headers?: Record<string, string>;
  body?: BytesSpec;
}

/** A refinement: a body goes with a method that can have one, and `*` with OPTIONS. */
export function withFittingBody(request: Request, context: z.RefinementCtx): void {
  const { method, path, body } = request;
  if (method && body && WITHOUT_BODY.includes(method)) {
    const message = `a ${method} request has no body`;
    const params = { hint: 'write method: POST or PUT, or leave `body` out' };
    context.addIssue({ code: 'custom', message, path: ['body'], params });
  }
  if (path === '*' && method !== 'OPTIONS') {
    const params = { hint: 'write method: OPTIONS, or a path: /' };
    context.addIssue({ code: 'custom', message: '`*` goes with OPTIONS alone', path: ['path'], params });
  }
}

/** `GET /x`, `POST /form "a=b"` */
export function showRequest(request: Request): string {
  const { path = '/', body } = request;
  return `${methodOf(request)} ${path}${body ? ` ${showBytes(materialise(body))}` : ''}`;
}

/** The request with all that is to be sent. Its host is the server as the scenario names it (RFC 9110 section 7.2). */
export function requestOf(request: Request, server: WebTarget): HttpRequest {
  const { path = '/', headers = {}, body } = request;
  const content = body && materialise(body);
  const written = Object.entries(headers);
  const has = (name: string) => written.some(([one]) => one.toLowerCase() === name);
  // A server that is asked to take content is told how much, also where there is none (RFC 9110 section 8.6).
  const takes = ['POST', 'PUT', 'PATCH'].includes(methodOf(request));
  const length = content || takes ? String(content?.length ?? 0) : undefined;
  return {
    method: methodOf(request),
    path,
    headers: [
      ...(has('host') ? [] : [['Host', authorityOf(server)] satisfies [string, string]]),
      ...written,
      ...(length === undefined ? [] : [['Content-Length', length] satisfies [string, string]]),
    ],
    ...(content && { body: content }),
  };
}

/** Without the port that the scheme has anyway (RFC 9110 section 4.2.3). */
function authorityOf(server: WebTarget): string {
  const suffix = `:${portOf(server)}`;
  const { endpoint } = server;
  return endpoint.endsWith(suffix) ? endpoint.slice(0, -suffix.length) : endpoint;
}

function methodOf({ method, body }: Request): Method {
  return method ?? (body ? 'POST' : 'GET');
}
