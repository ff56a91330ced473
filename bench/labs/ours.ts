/** lanlab as its user runs it: the public command on scenario files that are written for the bench. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastWords, type Ran } from './commands.ts';
import { OursFailed, type Setting } from './row.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const LANLAB = join(ROOT, 'bin/lanlab');
/** The Node that the project pins, which lanlab runs with too. */
export const NODE = join(ROOT, 'node_modules/node/bin/node');

export interface OursOptions {
  /** Seconds after which it has failed. */
  limit: number;
  env?: Record<string, string>;
  cwd?: string;
}

/** Throws OursFailed where it does not end with 0. */
export async function ours(setting: Setting, argv: readonly string[], options: OursOptions): Promise<Ran> {
  const ran = await setting.commands.run(argv, options).catch((error: Error) => {
    setting.commands.signal.throwIfAborted();
    throw new OursFailed(error.message);
  });
  if (ran.code !== 0) throw new OursFailed(`${argv.slice(1, 3).join(' ')}: ${lastWords(ran)}`);
  return ran;
}

export function lanlab(setting: Setting, argv: readonly string[], options: OursOptions): Promise<Ran> {
  return ours(setting, [LANLAB, ...argv], options);
}

/** Takes every lab of this bench down, also when it is being ended. */
export async function takeDown({ commands }: Setting, limit: number): Promise<void> {
  await commands.run([LANLAB, 'down', '--all'], { limit, always: true });
}

/** A network with nothing on it but hosts; `ping` adds the step in which the first pings the last. */
export async function plainScenario(setting: Setting, count: number, ping: boolean): Promise<string> {
  const file = join(setting.folder, `hosts-${count}${ping ? '-ping' : ''}.yaml`);
  await writeFile(file, plainText(count, ping));
  return file;
}

/** A /22 holds 1,022 hosts, of which a bridge has ports for all. */
export function plainText(count: number, ping: boolean): string {
  const names = Array.from({ length: count }, (_, index) => `h${index + 1}`);
  const lines = [
    `lab: bench-${count}`,
    'networks: { lan: 10.211.0.0/22 }',
    'hosts:',
    ...names.map((name) => `  ${name}: { networks: [lan] }`),
    'steps:',
    '  - name: the first host reaches the last',
    '    at: h1',
    `    ping: { to: h${count}, count: 1 }`,
    '    expect: { fields: { received: 1 } }',
  ];
  return `${(ping ? lines : lines.slice(0, -5)).join('\n')}\n`;
}

/** Why an engine is not here, in its own words. */
export async function lackingEngine(
  setting: Setting,
  engine: 'netns' | 'docker',
): Promise<string | undefined> {
  const ran = await setting.commands.run([LANLAB, 'engines', '--json'], { limit: 60 });
  const all = JSON.parse(ran.stdout) as {
    report: { name: string; lacking?: { why: string; hint: string } };
  }[];
  const lacking = all.find((each) => each.report.name === engine)?.report.lacking;
  return lacking && `${lacking.why}; ${lacking.hint}`;
}
