/** Whether labs can run on Docker here, and if not, why and what to do. Never throws. */
import type Docker from 'dockerode';
import { patient } from '../../agent/patience.ts';
import type { Lacking } from '../../agent/protocol.ts';
import type { EngineReport } from '../engine.ts';
import { lackingBase } from './base.ts';
import { connect, OLDEST_API, reasonOf, whyNoAnswer } from './connection.ts';

/** Milliseconds in which an engine has to answer. An answer mostly takes a hundredth of that, but an engine may be busy. */
const LIMIT = 30_000;
/** Milliseconds in which a registry has to answer whether it has an image. */
const REGISTRY = 2_000;
/** Milliseconds between two messages that the engine is being waited for. */
const WAITING_SAID_EVERY = 3_000;

export async function probe(waiting: (line: string) => void = () => {}): Promise<EngineReport> {
  const began = performance.now();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), patient(LIMIT));
  const seconds = () => Math.round((performance.now() - began) / 1000);
  const saying = setInterval(
    () => waiting(`waiting for the Docker Engine: it has not answered for ${seconds()} s`),
    WAITING_SAID_EVERY,
  );
  try {
    return { name: 'docker', ...(await look(limit.signal)) };
  } catch (error) {
    return { name: 'docker', lacking: whyNot(error, limit.signal) };
  } finally {
    clearTimeout(timer);
    clearInterval(saying);
  }
}

async function look(signal: AbortSignal): Promise<{ version: string; lacking?: Lacking }> {
  const docker = connect();
  const answer = await orAborted(docker.version(), signal);
  const version = `${nameOf(answer)} ${/^[\d.]*\d/.exec(answer.Version)?.[0] ?? answer.Version}`;
  if (answer.Os !== 'linux') {
    const hint = 'switch Docker to Linux containers';
    return { version, lacking: { why: `this Docker Engine runs ${answer.Os} containers`, hint } };
  }
  const registry = AbortSignal.any([signal, AbortSignal.timeout(patient(REGISTRY))]);
  const lacking = await orAborted(lackingBase(docker, registry), signal);
  return lacking ? { version, lacking } : { version };
}

/** Podman has Docker's API, and tells its own name there. */
function nameOf({ Components: components }: Docker.DockerVersion): string {
  return components?.some(({ Name }) => Name === 'Podman Engine') ? 'Podman' : 'Docker';
}

function whyNot(error: unknown, signal: AbortSignal): Lacking {
  const lacking = whyNoAnswer(error);
  if (lacking) return lacking;
  if (signal.aborted) {
    const why = `the Docker Engine has not answered within ${patient(LIMIT) / 1000} s`;
    const hint =
      'it may be busy: wait until it has less to do, or be more patient (`--patience 3`); `docker version` says whether it answers ' +
      'at all; or unset DOCKER_HOST if that points elsewhere';
    return { why, hint };
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
