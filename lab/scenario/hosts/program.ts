/** The program of a host, as its keys say it: `service`, `image`, `build`, `command`, and `ready`. */
import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { reading, show, Wrong } from '../../model/reading.ts';
import { type Build, type Program, type Ready, SERVICES } from '../../model/types.ts';
import { type Page, refuse } from '../text/page.ts';
import { type Entry, entriesOf } from '../text/tree.ts';
import { command, controlIn, oneLine } from '../values/control-characters.ts';
import { duration, port, regex } from '../values/values.ts';
import { meantHostKey } from './host-keys.ts';

const image = reading(
  (input) => {
    if (typeof input === 'string' && /^[^\s-]\S*$/.test(input) && controlIn(input) === undefined)
      return input;
    return new Wrong(`${show(input)} is not the name of an image`, 'write for instance nginx:1.29 or redis');
  },
  { type: 'string', pattern: '^[^\\s-]\\S*$' },
);

const folder = z.string().min(1).superRefine(oneLine('a path'));
const line = command.min(1);

const ready = z
  .strictObject({
    tcp: port.optional().describe('This TCP port listens.'),
    log: regex.optional().describe('A line of its output matches this pattern.'),
    within: duration.optional().describe('How long it may take.'),
  })
  .superRefine((value, context) => {
    if (Object.values(value).some((each) => each !== undefined)) return;
    const hint = 'write { tcp: 6379 }, { log: "Ready to accept" } or { within: 30s }';
    context.addIssue({ code: 'custom', message: '`ready` says nothing', params: { hint } });
  });

/** The keys of a host that are about its program. */
export const programKeys = {
  service: z.enum(SERVICES).optional().describe('One of the five programs of lanlab.'),
  image: image.optional().describe('A container image. Not on netns.'),
  /** A folder, or a folder and the Dockerfile in it. */
  build: z
    .union([
      folder,
      z.strictObject({
        context: folder.describe('The folder, relative to the scenario.'),
        dockerfile: folder.optional().describe('The file in this folder. Dockerfile is the default.'),
      }),
    ])
    .optional()
    .describe(
      'A folder with a Dockerfile, relative to the scenario, from which an image is built. Not on netns.',
    ),
  command: z
    .union([line, z.array(command).min(1)])
    .optional()
    .describe(
      'A program: a line for the shell (sh -c), or a list of the program and its arguments. On netns the machine has it. On Docker it is in `image`, or in the image of the agent.',
    ),
  ready: ready
    .optional()
    .describe(
      'When the program counts as ready. A `command` without `ready` starts last, when all others are ready.',
    ),
};
const programShape = z.strictObject(programKeys);
type ProgramShape = z.infer<typeof programShape> & { env?: Record<string, string> | undefined };

export function readProgram(
  page: Page,
  entry: Entry,
  shape: ProgramShape,
): { program?: Program; ready?: Ready } {
  checkOneProgram(page, entry, shape);
  const program = programOf(page, shape);
  if (!program || !shape.ready) return program ? { program } : {};
  const given = Object.entries(shape.ready).filter(([, value]) => value !== undefined);
  return { program, ready: Object.fromEntries(given) };
}

function programOf(page: Page, shape: ProgramShape): Program | undefined {
  const { service, command } = shape;
  const env = { ...shape.env };
  if (service) return { kind: 'service', service, env };
  const build = shape.build === undefined ? undefined : buildOf(page, shape.build);
  const image = build ? nameOf(build) : shape.image;
  // A command of one text is a line for the shell; a list is passed as it is.
  const argv = typeof command === 'string' ? ['sh', '-c', command] : command;
  const from = { ...(image !== undefined && { image }), ...(build && { build }) };
  if (argv) return { kind: 'command', argv, env, ...from };
  return image === undefined ? undefined : { kind: 'image', env, ...from, image };
}

/** The folder is relative to the scenario's file, as in every other file that names a folder. */
function buildOf(page: Page, build: NonNullable<ProgramShape['build']>): Build {
  const { context, dockerfile = 'Dockerfile' } = typeof build === 'string' ? { context: build } : build;
  const folder = isAbsolute(context) ? context : join(dirname(page.file), context);
  return { folder, dockerfile };
}

/** The name of an image that is built here: it begins with a dot or a slash, as no other image's name does. */
function nameOf({ folder, dockerfile }: Build): string {
  const path = dockerfile === 'Dockerfile' ? folder : join(folder, dockerfile);
  return /^[./]/.test(path) ? path : `./${path}`;
}

/** Keys that say what runs. */
export const RUNNABLE: readonly string[] = ['service', 'image', 'build', 'command'];

/** These keys, and the one that names a program of the table `programs`. */
const PROGRAMS = [...RUNNABLE, 'program'];

export function checkOneProgram(
  page: Page,
  entry: Entry,
  shape: ProgramShape,
  what = `host \`${entry.key}\``,
): void {
  const { service, env } = shape;
  const keyOf = (key: string) => entriesOf(entry.value).find((inner) => inner.key === key)?.at ?? entry.at;
  const others = (['image', 'build', 'command'] as const).filter((key) => shape[key] !== undefined);
  const [first, second] = service ? ['service', others[0]] : others.filter((key) => key !== 'command');
  if (first && second) {
    refuse(page, keyOf(second), `${what} has \`${first}\` and \`${second}\``, {
      hint: 'a host runs one program: leave one of them out',
    });
  }
  const lonely = env ? 'env' : shape.ready ? 'ready' : undefined;
  // A program that could not be read is reported already.
  const written = entriesOf(entry.value).some(({ key }) => PROGRAMS.includes(meantHostKey(key) ?? ''));
  if (!lonely || written) return;
  const none = lonely === 'env' ? 'no program to give it to' : 'no program to wait for';
  refuse(page, keyOf(lonely), `${what} has \`${lonely}\` and ${none}`, {
    hint: `write \`service\`, \`image\`, \`build\` or \`command\`, or leave \`${lonely}\` out`,
  });
}
