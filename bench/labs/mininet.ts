/**
 * The peer on bare namespaces: Mininet 2.3 with a Linux bridge, the same hosts on one switch and the same one ping. It
 * runs in namespaces of its own: Docker's rules for the machine's bridges do not reach its frames, and what it makes goes
 * with it, however it ends.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastWords } from './commands.ts';
import { PeerFailed, type Setting } from './row.ts';

const APART = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
const SWITCH = ['--switch', 'lxbr', '--controller', 'none'];

export async function lackingMininet({ commands }: Setting): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'Mininet needs root';
  for (const tool of ['mn', 'brctl']) {
    const { code } = await commands.run(['sh', '-c', `command -v ${tool}`], { limit: 10 });
    if (code !== 0) return `no ${tool} in PATH; scripts/test-tools.sh --bench installs it`;
  }
  return undefined;
}

/** Seconds of one network: up, one ping from the first host to the last, down. Throws PeerFailed where it fails. */
export async function mininet(setting: Setting, count: number, limit: number): Promise<number> {
  const script = join(setting.folder, `mininet-${count}`);
  await writeFile(script, `h1 ping -c 1 h${count}\n`);
  const argv = [...APART, 'mn', ...SWITCH, '--topo', `single,${count}`, '--test', 'none', '--post', script];
  // Its own tidying after Ctrl-C removes the machine's /tmp/*.log; the kernel does it better.
  const ran = await setting.commands.run(argv, { limit, ending: 'SIGKILL' }).catch((error: Error) => {
    setting.commands.signal.throwIfAborted();
    throw new PeerFailed(error.message);
  });
  if (ran.code !== 0) throw new PeerFailed(`mn: ${lastWords(ran)}`);
  if (!isAnswered(ran.stderr)) throw new PeerFailed(`Mininet's ping was not answered: ${lastWords(ran)}`);
  return ran.seconds;
}

/** By the count in the summary of ping(8), which `mn` prints on standard error with all else. */
export function isAnswered(output: string): boolean {
  return /^1 packets transmitted, 1 received,/m.test(output);
}
