/** Images are built when they are missing or when a file that they copy has changed: the tag holds a hash of those. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { LabError } from '../../errors.ts';
import type { Plan } from '../../model/planned.ts';
import type { Build, Program, ServiceName } from '../../model/types.ts';
import { bundled } from '../bundles/bundled.ts';
import type { BundleName } from '../bundles/entries.ts';
import { PACKAGE_ROOT } from '../package-root.ts';
import { interrupted, sideBySide } from '../side-by-side.ts';
import type { AgentImage } from './agents.ts';
import { type BaseImage, baseImage, findId, type Patience, presentImage } from './base.ts';
import { asked } from './connection.ts';
import { type BuildContext, contextHash, readContext } from './context.ts';
import { IMAGE } from './labels.ts';
import { machineCode } from './machine-code.ts';
import { tar } from './tar.ts';
import { follow } from './transcript.ts';

const BUILDS_AT_ONCE = 3;
/** Lines that the error of a failed build shows, at most; they are those of the step that failed. */
const LAST_LINES = 20;

/** Folders that the images are built from. */
export interface Sources {
  agent: string;
  services: string;
  /** The programs go in as bundles, in the place of their sources. */
  bundles?: boolean;
}

export const SOURCES: Sources = {
  agent: join(PACKAGE_ROOT, 'lab/agent'),
  services: join(PACKAGE_ROOT, 'services'),
  bundles: true,
};

/** References of images by the program in them: `agent`, a service's name, or somebody else's image itself. */
export type Images = Map<string, string>;

export function imageFor(images: Images, program: Program): string {
  const wanted = program.kind === 'service' ? program.service : (program.image ?? 'agent');
  const reference = images.get(wanted);
  if (reference === undefined) throw new Error(`no image was prepared for ${wanted}`);
  return reference;
}

/** The agent's image, with the command that it starts. */
export async function agentImage(docker: Docker, images: Images): Promise<AgentImage> {
  const reference = images.get('agent') as string;
  const { Config } = await asked(`look into ${reference}`, () => docker.getImage(reference).inspect());
  return { reference, argv: [Config.Entrypoint ?? [], Config.Cmd ?? []].flat() };
}

/** Every image that the plan needs, built or pulled where it has to be. */
export async function prepareImages(
  docker: Docker,
  plan: Pick<Plan, 'hosts'>,
  sources: Sources,
  patience: Patience,
) {
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

interface Source extends Build {
  /** Bundles by the path that they have in the build context, where they stand for the sources. */
  bundles?: Readonly<Record<string, BundleName>>;
  /** The bundles make system calls, by machine code. */
  machineCode?: true;
}

type Needed = [name: string, from: Source | undefined];

function needed(plan: Pick<Plan, 'hosts'>, sources: Sources): Map<string, Source | undefined> {
  const wanted = new Map<string, Source | undefined>();
  wanted.set('agent', agentSource(sources));
  for (const { program } of plan.hosts) {
    if (program?.kind === 'service') {
      wanted.set(program.service, serviceSource(sources, program.service));
    } else if (program?.image !== undefined) {
      wanted.set(program.image, program.build);
    }
  }
  return wanted;
}

export function agentSource({ agent, bundles }: Sources): Source {
  const from = { folder: agent, dockerfile: 'Dockerfile' };
  if (!bundles) return from;
  return {
    ...from,
    bundles: { 'main.mjs': 'agent', 'cable-thread.mjs': 'cable-thread', 'keeper.mjs': 'keeper' },
    machineCode: true,
  };
}

export function serviceSource({ services, bundles }: Sources, name: ServiceName): Source {
  const from = { folder: services, dockerfile: `${name}/Dockerfile` };
  return bundles ? { ...from, bundles: { [`${name}/main.mjs`]: name, 'health.mjs': 'health' } } : from;
}

/** The build context of the image: the folder as it is, or with bundles for every source. */
export async function contextOf({
  folder,
  dockerfile,
  bundles,
  machineCode: code,
}: Source): Promise<BuildContext> {
  const context = await readContext(folder, dockerfile);
  if (!bundles) return context;
  const brought = Object.entries(bundles).map(async ([path, name]) => {
    return { path, bytes: await readFile(await bundled(name)) };
  });
  const rest = context.files.filter(({ path }) => !path.endsWith('.ts'));
  const beside = code ? await machineCode() : [];
  return { dockerfile, files: [...rest, ...(await Promise.all(brought)), ...beside] };
}

async function builtImage(docker: Docker, name: string, from: Source, base: BaseImage, patience: Patience) {
  const context = await contextOf(from).catch((error: unknown) => {
    throw error instanceof LabError ? error : buildFailed(name, from, [], error);
  });
  const reference = `lanlab/${slugOf(name)}:${contextHash(context, base.id)}`;
  if ((await findId(docker, reference)) === undefined) {
    await build(docker, { name, from, reference, base, context }, patience);
  }
  return reference;
}

/** The name in an image's reference: for a build of the user's own the end of its folder. */
function slugOf(name: string): string {
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return slug.slice(-60).replace(/^-+|-+$/g, '') || 'build';
}

interface Job {
  name: string;
  from: Build;
  reference: string;
  base: BaseImage;
  context: BuildContext;
}

/** Two builds of one image at once are no trouble: both end with the tag on an image of the same content. */
async function build(docker: Docker, { name, from, reference, base, context }: Job, patience: Patience) {
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
    throw buildFailed(name, from, said, error);
  }
}

function buildFailed(name: string, from: Build, said: string[], error: unknown): LabError {
  const file = join(from.folder, from.dockerfile);
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT' && said.length === 0;
  const why = missing ? `there is no ${file}` : error instanceof Error ? error.message : String(error);
  const message = [`the image of ${name} could not be built: ${why}`, ...said.map((line) => `  ${line}`)];
  const hint = missing
    ? 'write `build:` relative to the folder of the scenario, or { context, dockerfile }'
    : `correct the error in its last lines (${file})`;
  return new LabError('image', message.join('\n'), { hint, cause: error });
}
