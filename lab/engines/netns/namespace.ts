/**
 * The namespaces that hold a whole lab. A holder process owns them: it waits at the end of a pipe from us, and is
 * process 1 of its own PID namespace, so when we end, however, it ends, and with it everything inside.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { LabError } from '../../errors.ts';

/** How the lab's namespaces are owned; the first that works is taken. */
export interface Mode {
  name: string;
  /** Arguments for unshare and nsenter: none for real root, who needs no user namespace. */
  unshare: string[];
  nsenter: string[];
}

const ROOT: Mode = { name: 'as root', unshare: [], nsenter: [] };
const MANY_IDS: Mode = {
  name: 'rootless, subordinate ids',
  unshare: ['--user', '--map-root-user', '--map-auto'],
  nsenter: ['--user', '--preserve-credentials'],
};
const ONE_ID: Mode = {
  name: 'rootless',
  unshare: ['--user', '--map-root-user'],
  nsenter: ['--user', '--preserve-credentials'],
};

export function modes(): Mode[] {
  return process.getuid?.() === 0 ? [ROOT, ONE_ID] : [MANY_IDS, ONE_ID];
}

const NAMESPACES = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** IPv6 off before there is any card, so that none ever announces itself; a /run of its own for `ip netns`. */
const SET_UP = [
  'set -e',
  'mount -t tmpfs tmpfs /run',
  'mkdir -p /run/netns /run/lanlab',
  'for f in all default; do',
  '  f=/proc/sys/net/ipv6/conf/$f/disable_ipv6; if [ -e $f ]; then echo 1 > $f; fi',
  'done',
].join('\n');

/** PATH with the administrator's folders: an ordinary user's often lacks them, and `ip` lives there. */
export const ENVIRONMENT = {
  ...process.env,
  PATH: `${process.env.PATH ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`,
};

export interface Holder extends AsyncDisposable {
  mode: Mode;
  /** The arguments after `nsenter` that lead to where the lab's bridges are. */
  enter: string[];
  /** Settles when the namespaces are gone. */
  gone: Promise<void>;
}

export async function hold(mode: Mode): Promise<Holder> {
  const script = `${SET_UP}\necho ready\nexec cat > /dev/null`;
  const child = spawn('unshare', [...mode.unshare, ...NAMESPACES, 'sh', '-c', script], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: ENVIRONMENT,
    // Not in the terminal's foreground group: Ctrl-C is for us, and we take down in order.
    detached: true,
  });
  const gone = new Promise<void>((resolve) =>
    child.once('close', () => resolve()).once('error', () => resolve()),
  );
  await ready(child);
  const proc = `/proc/${child.pid}/ns`;
  return {
    mode,
    enter: [
      ...mode.nsenter,
      '--target',
      String(child.pid),
      '--mount',
      '--net',
      `--pid=${proc}/pid_for_children`,
    ],
    gone,
    async [Symbol.asyncDispose]() {
      child.stdin?.end();
      await gone;
    },
  };
}

/** The holder's word that it has set up, or what it complained of. */
async function ready(child: ChildProcess): Promise<void> {
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk).slice(-2_000);
  });
  const lines = createInterface({ input: child.stdout! });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('close', () =>
      reject(new LabError('engine', `unshare: ${complaint.trim() || 'it ended at once'}`)),
    );
  });
  failed.catch(() => {}); // It also ends when all went well, at the lab's end.
  await Promise.race([once(lines, 'line'), failed]);
}

/** Runs a command in the lab's own namespaces, with text on its standard input. */
export function inside(holder: Holder, argv: string[], stdin = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'nsenter',
      [...holder.enter, ...argv],
      { env: ENVIRONMENT, timeout: 30_000 },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else
          reject(
            new LabError('engine', `${argv.join(' ')}: ${stderr.trim() || error.message}`, { cause: error }),
          );
      },
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(stdin);
  });
}
