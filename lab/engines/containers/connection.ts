/** The way to the Docker Engine, and its answers in a user's terms. */
import Docker from 'dockerode';
import { LabError } from '../../errors.ts';
import { whyNoAnswer } from './no-answer.ts';

export { statusOf, whyNoAnswer } from './no-answer.ts';

/** Docker 25, the first version that takes all networks of a new container, with their MACs. */
export const OLDEST_API = '1.44';

/** Honours DOCKER_HOST and its companions (DOCKER_TLS_VERIFY, DOCKER_CERT_PATH). Throws where they make no sense. */
export function connect(): Docker {
  return new Docker({ version: `v${OLDEST_API}` });
}

/** Is the engine on this machine, so that its networks and our own routes are in one place? */
export function isLocal(docker: Docker): boolean {
  return (docker.modem as { socketPath?: unknown }).socketPath !== undefined;
}

/** The socket on which it listens, where it is on this machine. */
export async function socketPathOf(docker: Docker): Promise<string> {
  return (docker.modem as unknown as { getSocketPath(): Promise<string> }).getSocketPath();
}

/** The engine's own words, without the HTTP around them. */
export function reasonOf(error: unknown): string {
  const json = (error as { json?: { message?: unknown } | null } | undefined)?.json;
  if (typeof json?.message === 'string') return json.message.trim();
  return error instanceof Error ? error.message.trim() : String(error);
}

/** An error of the engine at the work `doing` ("make the network office"), for a user. */
export function explain(error: unknown, doing: string): LabError {
  if (error instanceof LabError) return error;
  const lacking = whyNoAnswer(error);
  if (lacking) return new LabError('no-engine', lacking.why, { hint: lacking.hint, cause: error });
  const message = `Docker could not ${doing}: ${reasonOf(error)}`;
  if (/no space left on device/i.test(message)) {
    const hint = 'the disk of the Docker Engine is full: see `docker system df`, then `docker system prune`';
    return new LabError('engine', message, { hint, cause: error });
  }
  return new LabError('engine', message, { cause: error });
}

/** Times that a call is sent again. */
const AGAIN = 5;

/**
 * Does the work, or throws the engine's error as a LabError. A busy engine may close a connection that it has just accepted:
 * it has not read a call that could not be written (EPIPE), so the call is sent again.
 */
export async function asked<T>(doing: string, work: () => Promise<T>): Promise<T> {
  for (let again = AGAIN; ; again--) {
    try {
      return await work();
    } catch (error) {
      const unread = (error as NodeJS.ErrnoException).code === 'EPIPE';
      if (!unread || again === 0) throw explain(error, doing);
    }
  }
}
