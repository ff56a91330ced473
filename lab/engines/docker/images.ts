/** Images are built when they are missing or when a file that they copy has changed: the tag holds a hash of those. */
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { LabError } from '../../errors.ts';
import type { Plan } from '../../scenario/planned.ts';
import type { Program } from '../../scenario/types.ts';
import { type BaseImage, baseImage, findId, type Patience, presentImage } from './base.ts';
import { type BuildContext, contextHash, readContext } from './context.ts';
import { IMAGE } from './labels.ts';
import { interrupted, sideBySide } from './side-by-side.ts';
import { tar } from './tar.ts';
import { follow } from './transcript.ts';

const BUILDS_AT_ONCE = 3;
/** Lines that the error of a failed build shows, at most; they are those of the step that failed. */
const LAST_LINES = 20;

/** Folders that the images are built from. */
export interface Sources {
  agent: string;
  services: string;
}

export const SOURCES: Sources = {
  agent: resolve(import.meta.dirname, '../../agent'),
  services: resolve(import.meta.dirname, '../../../services'),
};

/** References by what runs in them: `agent`, a service's name, or somebody else's image itself. */
export type Images = Map<string, string>;

export function imageFor(images: Images, program: Program): string {
  const wanted = program.kind === 'service' ? program.service : (program.image ?? 'agent');
  const reference = images.get(wanted);
  if (reference === undefined) throw new Error(`no image was prepared for ${wanted}`);
  return reference;
}

/** Every image that the plan needs, built or pulled where it has to be. */
export async function prepareImages(docker: Docker, plan: Plan, sources: Sources, patience: Patience) {
  const images: Images = new Map();
  const base = await baseImage(docker, patience);
  const jobs = [...needed(plan, sources)];
  const prepare = async ([name, from]: Needed) => {
    if (!from) await presentImage(docker, name, patience);
    images.set(name, from ? await builtImage(docker, name, from, base, patience) : name);
  };
  await sideBySide(jobs, BUILDS_AT_ONCE, prepare, patience.signal);
  return images;
}

interface Origin {
  folder: string;
  dockerfile: string;
}
type Needed = [name: string, from: Origin | undefined];

function needed(plan: Plan, sources: Sources): Map<string, Origin | undefined> {
  const wanted = new Map<string, Origin | undefined>();
  wanted.set('agent', { folder: sources.agent, dockerfile: 'Dockerfile' });
  for (const { program } of plan.hosts) {
    if (program?.kind === 'service') {
      wanted.set(program.service, { folder: sources.services, dockerfile: `${program.service}/Dockerfile` });
    } else if (program?.image !== undefined) {
      wanted.set(program.image, undefined);
    }
  }
  return wanted;
}

async function builtImage(docker: Docker, name: string, from: Origin, base: BaseImage, patience: Patience) {
  const context = await readContext(from.folder, from.dockerfile).catch((error: unknown) => {
    throw buildFailed(name, from.dockerfile, [], error);
  });
  const reference = `lanlab/${name}:${contextHash(context, base.id)}`;
  if ((await findId(docker, reference)) === undefined) {
    await build(docker, { name, reference, base, context }, patience);
  }
  return reference;
}

interface Build {
  name: string;
  reference: string;
  base: BaseImage;
  context: BuildContext;
}

/** Two builds of one image at once are no trouble: both end with the tag on an image of the same content. */
async function build(docker: Docker, { name, reference, base, context }: Build, patience: Patience) {
  patience.progress(`building the image of ${name}`);
  const said: string[] = [];
  const hear = (line: string) => {
    const step = /^Step \d+\/\d+ : /.test(line);
    if (step) patience.progress(`${name}: ${line.replace(/\s+/g, ' ').slice(0, 100)}`);
    if (step) said.length = 0;
    if (!line.startsWith(' ---> ')) said.push(line);
    if (said.length > LAST_LINES) said.shift();
  };
  try {
    const archive = Readable.from(tar(context.files), { objectMode: false });
    const answer = await docker.buildImage(archive, {
      t: reference,
      dockerfile: context.dockerfile,
      buildargs: { BASE_IMAGE: base.reference },
      labels: { [IMAGE]: name },
      rm: true,
      forcerm: true,
      abortSignal: patience.signal,
    });
    await follow(answer, hear);
  } catch (error) {
    if (patience.signal.aborted) throw interrupted();
    throw buildFailed(name, context.dockerfile, said, error);
  }
}

function buildFailed(name: string, dockerfile: string, said: string[], error: unknown): LabError {
  const why = error instanceof Error ? error.message : String(error);
  const message = [`the image of ${name} could not be built: ${why}`, ...said.map((line) => `  ${line}`)];
  const mend = `put right what its last lines say (${name === 'agent' ? 'lab/agent' : 'services'}/${dockerfile})`;
  return new LabError('image', message.join('\n'), { mend, cause: error });
}
