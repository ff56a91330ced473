/** Docker, stopped for the rows that are measured without it and started again; only where the bench was asked to. */
import { join } from 'node:path';
import { lastWords } from './commands.ts';
import { ROOT } from './ours.ts';
import type { Setting } from './row.ts';

const SCRIPT = join(ROOT, 'scripts/docker-engine.sh');
/** Seconds. */
const LIMIT = 300;

export interface DockerAside extends AsyncDisposable {
  /** Sees to it that Docker runs, or does not. */
  have(running: boolean): Promise<void>;
}

/** Where `asked` is false, or no engine runs, it leaves everything as it is. */
export async function dockerAside(setting: Setting, asked: boolean): Promise<DockerAside> {
  const wasRunning = asked && (await answers(setting));
  let runs = wasRunning;
  const have = async (running: boolean) => {
    if (!wasRunning || running === runs) return;
    setting.say(running ? 'starting Docker' : 'stopping Docker');
    const argv = ['bash', SCRIPT, ...(running ? [] : ['--stop'])];
    const ran = await setting.commands.run(argv, { limit: LIMIT, always: true });
    if (ran.code !== 0) throw new Error(`${argv.slice(1).join(' ')}: ${lastWords(ran)}`);
    runs = running;
    if (!running && (await answers(setting)))
      throw new Error('Docker still answers: scripts/docker-engine.sh stops only what it started');
  };
  return { have, [Symbol.asyncDispose]: () => have(true) };
}

async function answers({ commands }: Setting): Promise<boolean> {
  const ran = await commands.run(['docker', 'version'], { limit: 30 }).catch(() => undefined);
  return ran?.code === 0;
}
