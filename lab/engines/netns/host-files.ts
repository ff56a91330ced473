/**
 * The part of the file tree that a host has for itself: its own /tmp, /run and /srv, its own hosts file and
 * resolv.conf, and a private layer over each folder in which the scenario puts a file.
 */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

/** Empty for each host, as far as the machine has them. */
const PRIVATE = ['/tmp', '/run', '/srv'];

/**
 * The existing folder over which a layer is laid so that `path` can be written; undefined where the folder is one
 * of those that are private anyway. `/` is no answer: nothing can be laid over a whole tree.
 */
export function layerFor(path: string): string | undefined {
  let folder = dirname(path);
  while (!existsSync(folder)) folder = dirname(folder);
  return PRIVATE.some((own) => folder === own || folder.startsWith(`${own}/`)) ? undefined : folder;
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * A shell script, to be run as the first process of a host's namespaces. `keep` are folders that programs need
 * and that may lie in a private one (a checkout under /tmp): they stay where they are.
 */
export function hostFilesScript(hostname: string, keep: string[], layers: string[]): string {
  const kept = keep.filter((folder) => PRIVATE.some((own) => folder.startsWith(`${own}/`)));
  const own = PRIVATE.filter((folder) => existsSync(folder));
  return [
    'set -e',
    `hostname ${quote(hostname)} 2>/dev/null || true`,
    'mount -t sysfs sysfs /sys 2>/dev/null || true',
    // The namespaces of the other hosts, which would live as long as they are seen from here.
    'umount -l /run/netns 2>/dev/null || true',
    'base=/run/lanlab',
    'mount -t tmpfs -o mode=755 tmpfs "$base"',
    ...kept.flatMap((folder, n) => [
      `mkdir "$base/keep${n}"`,
      `mount --rbind ${quote(folder)} "$base/keep${n}"`,
    ]),
    ...own
      .filter((folder) => folder !== '/run')
      .map((folder) => `mount -t tmpfs -o mode=1777 tmpfs ${folder}`),
    // The folder that the file server gives out where nothing else is said: there, and empty.
    ...(own.includes('/srv') ? ['mkdir /srv/files'] : []),
    ...runOfItsOwn(),
    ...kept.flatMap((folder, n) => [
      `mkdir -p ${quote(folder)}`,
      `mount --rbind /run/lanlab/keep${n} ${quote(folder)}`,
    ]),
    ...layers.flatMap((folder, n) => layer(quote(folder), n)),
    ...['hosts', 'resolv.conf'].flatMap(etcFile),
    'exec "$@"',
  ].join('\n');
}

/** A new /run that still has our own folder in it. */
function runOfItsOwn(): string[] {
  return [
    'mkdir "$base/run"',
    'mount -t tmpfs -o mode=755 tmpfs "$base/run"',
    'mkdir "$base/run/lanlab"',
    'mount --rbind "$base" "$base/run/lanlab"',
    'mount --rbind "$base/run" /run',
  ];
}

function layer(folder: string, n: number): string[] {
  const own = `/run/lanlab/layer${n}`;
  const options = `lowerdir=${folder},upperdir=${own}/upper,workdir=${own}/work`;
  return [
    `mkdir -p ${own}/upper ${own}/work`,
    `mount -t overlay -o ${options},userxattr overlay ${folder} 2>/dev/null || mount -t overlay -o ${options} overlay ${folder}`,
  ];
}

/** A file of the host's own over the machine's; the machine's may be a link into /run. */
function etcFile(name: string): string[] {
  return [
    `file=$(readlink -m /etc/${name})`,
    'if [ ! -e "$file" ]; then mkdir -p "$(dirname "$file")" && : > "$file" || file=; fi',
    `: > /run/lanlab/${name}`,
    `if [ -n "$file" ]; then mount --bind /run/lanlab/${name} "$file"; fi`,
  ];
}
