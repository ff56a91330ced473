import type { Lacking } from '../../agent/protocol.ts';
import type { EngineReport } from '../engine.ts';
import { lackingBase } from './base.ts';
import { connect, OLDEST_API, reasonOf, whyNoAnswer } from './connection.ts';

/** Milliseconds in which an engine has to answer. */
const LIMIT = 2_000;

/** Whether labs can run on Docker here, and if not, why and what to do. Never throws. */
export async function probe(): Promise<EngineReport> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), LIMIT);
  try {
    return { name: 'docker', ...(await look(limit.signal)) };
  } catch (error) {
    return { name: 'docker', lacking: whyNot(error, limit.signal) };
  } finally {
    clearTimeout(timer);
  }
}

async function look(signal: AbortSignal): Promise<{ version: string; lacking?: Lacking }> {
  const docker = connect();
  const answer = await orAborted(docker.version(), signal);
  const version = `Docker ${/^[\d.]*\d/.exec(answer.Version)?.[0] ?? answer.Version}`;
  if (answer.Os !== 'linux') {
    const hint = 'switch Docker to Linux containers';
    return { version, lacking: { why: `this Docker Engine runs ${answer.Os} containers`, hint } };
  }
  const lacking = await orAborted(lackingBase(docker, signal), signal);
  return lacking ? { version, lacking } : { version };
}

function whyNot(error: unknown, signal: AbortSignal): Lacking {
  const lacking = whyNoAnswer(error);
  if (lacking) return lacking;
  if (signal.aborted) {
    const why = `the Docker Engine has not answered within ${LIMIT / 1000} s`;
    return { why, hint: 'start it anew, or unset DOCKER_HOST if that points elsewhere' };
  }
  const reason = reasonOf(error);
  if (/client version .* is too new/.test(reason)) {
    const why = `this Docker Engine is too old (${reason})`;
    return {
      why,
      hint: `install Docker 25 or newer (API ${OLDEST_API}); on Debian: \`bash scripts/docker-engine.sh\``,
    };
  }
  return {
    why: `the Docker Engine cannot be used: ${reason}`,
    hint: 'check DOCKER_HOST and `docker version`',
  };
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
