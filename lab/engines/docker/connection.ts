/** The way to the Docker Engine, and its answers in a user's terms. */
import Docker from 'dockerode';
import type { Lacking } from '../../agent/protocol.ts';
import { LabError } from '../../errors.ts';

/** Docker 25, the first that takes a container's every network, with its MAC, when it is created. */
export const OLDEST_API = '1.44';

/** Honours DOCKER_HOST and its companions (DOCKER_TLS_VERIFY, DOCKER_CERT_PATH). Throws where they make no sense. */
export function connect(): Docker {
  return new Docker({ version: `v${OLDEST_API}` });
}

/** Is the engine on this machine, so that its networks and our own routes are in one place? */
export function isLocal(docker: Docker): boolean {
  return (docker.modem as { socketPath?: unknown }).socketPath !== undefined;
}

/** The HTTP status of the engine's refusal; undefined where it did not answer at all. */
export function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number } | undefined)?.statusCode;
}

/** The engine's own words, without the HTTP around them. */
export function reasonOf(error: unknown): string {
  const json = (error as { json?: { message?: unknown } | null } | undefined)?.json;
  if (typeof json?.message === 'string') return json.message.trim();
  return error instanceof Error ? error.message.trim() : String(error);
}

/** Whatever the engine said while it was to do `doing` ("make the network office"), for a user. */
export function explain(error: unknown, doing: string): LabError {
  if (error instanceof LabError) return error;
  const lacking = whyNoAnswer(error);
  if (lacking) return new LabError('no-engine', lacking.why, { mend: lacking.mend, cause: error });
  const message = `Docker could not ${doing}: ${reasonOf(error)}`;
  if (/no space left on device/i.test(message)) {
    const mend = 'the disk of the Docker Engine is full: see `docker system df`, then `docker system prune`';
    return new LabError('engine', message, { mend, cause: error });
  }
  return new LabError('engine', message, { cause: error });
}

/** Does it, or throws what the engine said as a LabError. */
export async function asked<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, doing);
  }
}

/** Why no engine answered; undefined where one did, even if it refused. */
export function whyNoAnswer(error: unknown): Lacking | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const where = process.env.DOCKER_HOST ? ` at DOCKER_HOST=${process.env.DOCKER_HOST}` : '';
  if (code === 'EACCES' || code === 'EPERM') {
    const why = `this user may not use the Docker socket${where}`;
    const mend =
      'join the group docker (`sudo usermod -aG docker $USER`, then log in again), ' +
      'or point DOCKER_HOST at a rootless engine (`unix://$XDG_RUNTIME_DIR/docker.sock`)';
    return { why, mend };
  }
  if (code === undefined || statusOf(error) !== undefined || !UNREACHABLE.has(code)) return undefined;
  const mend = where
    ? 'start the engine there, or unset DOCKER_HOST'
    : 'start Docker, or on Debian: `bash scripts/docker-engine.sh`';
  return { why: `no Docker Engine answers${where} (${code})`, mend };
}

const UNREACHABLE = new Set([
  'ENOENT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'ENOTSOCK',
]);
