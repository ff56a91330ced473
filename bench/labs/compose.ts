/** The peer on Docker: compose with a file of the bench's own, up and down. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastWords } from './commands.ts';
import { lackingEngine, ROOT } from './ours.ts';
import { PeerFailed, type Setting } from './row.ts';

const BASES = ['lanlab-base:24', 'node:24-bookworm-slim'];
/** Seconds for one call of compose. */
const LIMIT = 600;

export interface Project extends AsyncDisposable {
  /** Seconds of `up` and `down`. Throws PeerFailed. */
  once(): Promise<number>;
}

/** A compose file with its images built, which is no part of what is timed. */
export async function project(setting: Setting, name: string, text: string): Promise<Project> {
  const folder = join(setting.folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'compose.yaml'), text);
  const compose = (argv: readonly string[]) => call(setting, folder, argv);
  const down = ['down', '--volumes', '--remove-orphans'];
  await compose(['build', '--quiet']);
  return {
    async once() {
      const up = await compose(['up', '--detach', '--wait', '--quiet-pull']);
      return up + (await compose(down));
    },
    async [Symbol.asyncDispose]() {
      await setting.commands.run(['docker', 'compose', ...down, '--rmi', 'local'], {
        limit: LIMIT,
        cwd: folder,
        always: true,
      });
    },
  };
}

async function call({ commands }: Setting, cwd: string, argv: readonly string[]): Promise<number> {
  const ran = await commands
    .run(['docker', 'compose', ...argv], { limit: LIMIT, cwd })
    .catch((error: Error) => {
      commands.signal.throwIfAborted();
      throw new PeerFailed(error.message);
    });
  if (ran.code !== 0) throw new PeerFailed(`docker compose ${argv[0]}: ${lastWords(ran)}`);
  return ran.seconds;
}

export async function lackingCompose(setting: Setting): Promise<string | undefined> {
  const engine = await lackingEngine(setting, 'docker');
  if (engine !== undefined) return engine;
  const { code } = await setting.commands.run(['docker', 'compose', 'version'], { limit: 30 });
  if (code !== 0) return 'no `docker compose` here; scripts/docker-engine.sh installs it';
  if ((await baseImage(setting)) === undefined)
    return 'no base image is here; scripts/base-image.sh gets or makes one';
  return undefined;
}

/** The image that lanlab's own are built on, by the same order: BASE_IMAGE, the stand-in, the official one. */
export async function baseImage({ commands }: Setting): Promise<string | undefined> {
  for (const image of process.env.BASE_IMAGE ? [process.env.BASE_IMAGE] : BASES) {
    const { code } = await commands.run(['docker', 'image', 'inspect', image], { limit: 30 });
    if (code === 0) return image;
  }
  return undefined;
}

/** Hosts that only sleep. SIGKILL at once, since `sleep` as process 1 hears no SIGTERM: it would cost 10 s. */
export function sleepers(count: number, image: string): string {
  const names = Array.from({ length: count }, (_, index) => `h${index + 1}`);
  const service = `{ image: "${image}", command: [sleep, infinity], stop_signal: SIGKILL, networks: [lan] }`;
  return [
    `name: lanlab-bench-${count}`,
    'networks: { lan: {} }',
    'services:',
    ...names.map((name) => `  ${name}: ${service}`),
    '',
  ].join('\n');
}

const PROGRAMS = ['tcp-echo', 'udp-echo', 'time', 'files', 'chat'];

/**
 * The five programs of 01-lan with the health checks of their images. While a program starts it is asked every half
 * second, with which compose was quickest (of 100 ms, 250 ms, 500 ms, 1 s: a question is a Node that starts). By the
 * images' own interval alone it would wait ten seconds for the first answer.
 */
export function fivePrograms(image: string): string {
  const services = PROGRAMS.map((name) =>
    [
      `  ${name}:`,
      `    build: { context: "${join(ROOT, 'services')}", dockerfile: ${name}/Dockerfile, args: { BASE_IMAGE: "${image}" } }`,
      '    networks: [lan]',
      '    healthcheck:',
      `      test: [CMD, node, /app/health.ts, ${name}]`,
      '      interval: 10s',
      '      start_period: 30s',
      '      start_interval: 500ms',
    ].join('\n'),
  );
  return ['name: lanlab-bench-tour', 'networks: { lan: {} }', 'services:', ...services, ''].join('\n');
}
