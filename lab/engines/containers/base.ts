/** The image that all of ours are built on. */

import type Docker from 'dockerode';
import { patient } from '../../agent/patience.ts';
import type { Lacking } from '../../agent/protocol.ts';
import { LabError } from '../../errors.ts';
import { interrupted } from '../side-by-side.ts';
import { asked, reasonOf, statusOf } from './connection.ts';
import { follow } from './transcript.ts';

export const STAND_IN = 'lanlab-base:24';
export const OFFICIAL = 'node:24-bookworm-slim';
const HINT = '`bash scripts/base-image.sh` pulls the base image or makes a stand-in';
/** Milliseconds for which a registry may send nothing: an image that comes slowly comes all the same. */
const PULL_LIMIT = 120_000;

export interface BaseImage {
  reference: string;
  id: string;
}

export interface Patience {
  progress(line: string): void;
  signal: AbortSignal;
}

/** BASE_IMAGE alone where it is set; else the stand-in or the official image. Where none is here, one is pulled. */
export async function baseImage(docker: Docker, patience: Patience): Promise<BaseImage> {
  const found = await localBase(docker);
  if (found) return found;
  const reference = process.env.BASE_IMAGE || OFFICIAL;
  await pull(docker, reference, { ...patience, hint: HINT });
  return { reference, id: await asked(`look for ${reference}`, () => idOf(docker, reference)) };
}

/** The reason why there is no base. Nothing is pulled: the registry is only asked whether it has the image. */
export async function lackingBase(docker: Docker, signal: AbortSignal): Promise<Lacking | undefined> {
  if (await localBase(docker)) return undefined;
  const reference = process.env.BASE_IMAGE || OFFICIAL;
  try {
    await docker.getImage(reference).distribution({ abortSignal: signal });
    return undefined;
  } catch (error) {
    const answer = signal.aborted ? 'no registry answers' : reasonOf(error);
    return { why: `the base image ${reference} is not here and cannot be pulled (${answer})`, hint: HINT };
  }
}

/** Makes sure that an image of somebody else is here. */
export async function presentImage(docker: Docker, reference: string, patience: Patience): Promise<void> {
  const hint = `check the name, or make the image with \`docker build -t ${reference} .\``;
  if ((await findId(docker, reference)) === undefined) await pull(docker, reference, { ...patience, hint });
}

/** The image's id; undefined where it is not here. */
export async function findId(docker: Docker, reference: string): Promise<string | undefined> {
  return asked(`look for the image ${reference}`, async () => {
    try {
      return await idOf(docker, reference);
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  });
}

async function localBase(docker: Docker): Promise<BaseImage | undefined> {
  const wanted = process.env.BASE_IMAGE ? [process.env.BASE_IMAGE] : [STAND_IN, OFFICIAL];
  for (const reference of wanted) {
    const id = await findId(docker, reference);
    if (id !== undefined) return { reference, id };
  }
  return undefined;
}

async function idOf(docker: Docker, reference: string): Promise<string> {
  return (await docker.getImage(reference).inspect()).Id;
}

async function pull(docker: Docker, reference: string, options: Patience & { hint: string }): Promise<void> {
  options.progress(`pulling ${reference}`);
  const silent = new AbortController();
  const limit = patient(PULL_LIMIT);
  const timer = setTimeout(() => silent.abort(), limit);
  try {
    const abortSignal = AbortSignal.any([options.signal, silent.signal]);
    const heard = () => void timer.refresh();
    await follow(await docker.pull(reference, { abortSignal }), () => {}, heard);
  } catch (error) {
    if (options.signal.aborted) throw interrupted();
    const why = silent.signal.aborted ? `nothing came for ${limit / 1000} s` : reasonOf(error);
    const message = `the image ${reference} is not here and could not be pulled: ${why}`;
    throw new LabError('image', message, { hint: options.hint, cause: error });
  } finally {
    clearTimeout(timer);
  }
}
