/** Why no Docker Engine answers, found without the library for Docker: most users without Docker need not load it. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Lacking } from '../../agent/protocol.ts';

/** Undefined where somebody listens at the engine's socket, or where the engine is asked for in another way. */
export async function whyNobodyListens(): Promise<Lacking | undefined> {
  const path = socketPath();
  if (path === undefined) return undefined;
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return undefined;
  } catch (error) {
    return whyNoAnswer(error);
  } finally {
    socket.destroy();
  }
}

/** As Docker's own clients choose it; undefined where DOCKER_HOST is no socket of this machine. */
function socketPath({ DOCKER_HOST: host = '' } = process.env): string | undefined {
  const scheme = 'unix://';
  if (host !== '' && !host.startsWith(scheme)) return undefined;
  if (host.length > scheme.length) return host.slice(scheme.length);
  const own = join(homedir(), '.docker/run/docker.sock');
  return existsSync(own) ? own : '/var/run/docker.sock';
}

/** Why no engine answered; undefined where one did, even if it refused. */
export function whyNoAnswer(error: unknown): Lacking | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const where = process.env.DOCKER_HOST ? ` at DOCKER_HOST=${process.env.DOCKER_HOST}` : '';
  if (code === 'EACCES' || code === 'EPERM') {
    const why = `this user may not use the Docker socket${where}`;
    const hint =
      'join the group docker (`sudo usermod -aG docker $USER`, then log in again), ' +
      'or point DOCKER_HOST at a rootless engine (`unix://$XDG_RUNTIME_DIR/docker.sock`)';
    return { why, hint };
  }
  if (code === undefined || statusOf(error) !== undefined || !UNREACHABLE.has(code)) return undefined;
  const hint = where
    ? 'start the engine there, or unset DOCKER_HOST'
    : 'start Docker, or on Debian: `bash scripts/docker-engine.sh`';
  return { why: `no Docker Engine answers${where} (${code})`, hint };
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

/** The HTTP status of the engine's refusal; undefined where it did not answer at all. */
export function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number } | undefined)?.statusCode;
}
