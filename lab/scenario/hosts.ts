/** `hosts:` read and checked, all but their addresses. */
import { posix } from 'node:path';
import { isScalar, type Node } from 'yaml';
import { z } from 'zod';
import { type Attachment, readAttachments } from './attachments.ts';
import { check } from './check.ts';
import { checkName, type ReadNetwork } from './networks.ts';
import { type Page, refuse, whereIs } from './page.ts';
import { programKeys, readProgram } from './program.ts';
import { reading, show, Wrong } from './reading.ts';
import { type Entry, readMap } from './tree.ts';
import type { Host } from './types.ts';
import { bytes, scalar } from './values.ts';

export const MOST_HOSTS = 200;

export interface ReadHost {
  host: Host;
  at: Node;
  attachments: Attachment[];
}

const ROUTERS = 'routers come with a later version; hosts reach the networks they are on';
const LATER = new Map([
  ['gateway', ROUTERS],
  ['forward', ROUTERS],
  ['nat', ROUTERS],
]);

const variable = reading(
  (input) => {
    if (typeof input === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(input)) return input;
    return new Wrong(`${show(input)} cannot name a variable`, 'write letters, digits and _, no digit first');
  },
  { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
);

const path = reading(
  (input) => {
    const text = String(input);
    const plain = posix.normalize(text) === text && !text.endsWith('/') && !text.includes('\0');
    if (/^\/(proc|sys|dev)(\/|$)/.test(text)) {
      return new Wrong(
        `${show(text)} is the kernel's, no file can be put there`,
        'put it under /srv or /tmp',
      );
    }
    if (text.startsWith('/') && plain) return text;
    return new Wrong(
      `${show(text)} is not the absolute path of a file`,
      'write for instance /srv/files/hello.txt',
    );
  },
  { type: 'string', pattern: '^/' },
);

const sysctl = reading(
  (input) => {
    if (typeof input === 'string' && /^net(\.[A-Za-z0-9_-]+)+$/.test(input)) return input;
    return new Wrong(
      `${show(input)} is not a setting of the network`,
      'write for instance net.ipv4.tcp_keepalive_time',
    );
  },
  { type: 'string', pattern: '^net(\\.[A-Za-z0-9_-]+)+$' },
);

/** Everything of a host but where it is attached, which is checked against the networks. */
export const hostSchema = z.strictObject({
  ...programKeys,
  networks: z
    .unknown()
    .optional()
    .describe('A list of names, or a map of names to addresses; in the order of eth0, eth1…'),
  env: z.record(variable, scalar).optional().describe('Environment of its program.'),
  files: z
    .record(path, bytes)
    .optional()
    .describe('Files put there before its program starts, by absolute path.'),
  sysctls: z.record(sysctl, scalar).optional().describe('Settings of its network stack: net.…'),
});
type HostShape = z.infer<typeof hostSchema>;

/** Every host that was named, by name; what is wrong with them is noted on the page. */
export function readHosts(
  page: Page,
  { value, at }: Entry,
  networks: ReadonlyMap<string, ReadNetwork>,
): Map<string, ReadHost> {
  const hosts = new Map<string, ReadHost>();
  const entries = readMap(page, '`hosts`', value, at);
  if (entries?.length === 0)
    refuse(page, at, 'there is no host', { mend: 'write alice: { networks: [lan] }' });
  if (entries && entries.length > MOST_HOSTS)
    refuse(page, at, `${entries.length} hosts are more than ${MOST_HOSTS}`);
  for (const entry of entries?.slice(0, MOST_HOSTS) ?? []) {
    checkName(page, entry, 'a host');
    hosts.set(entry.key, readHost(page, entry, networks));
  }
  return hosts;
}

function readHost(page: Page, entry: Entry, networks: ReadonlyMap<string, ReadNetwork>): ReadHost {
  const what = `host \`${entry.key}\``;
  const inner = isEmpty(entry.value) ? [] : (readMap(page, what, entry.value, entry.at) ?? undefined);
  for (const { key, at } of inner ?? []) {
    const mend = LATER.get(key);
    if (mend) refuse(page, at, `\`${key}\` comes with a later version`, { mend, settled: true });
  }
  const shape = inner?.length ? check(page, hostSchema, entry.value, entry.at, what)?.value : undefined;
  const attachments = inner ? readAttachments(page, entry, inner, networks) : [];
  return { host: makeHost(page, entry, shape, attachments), at: entry.at, attachments };
}

function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function makeHost(page: Page, entry: Entry, shape: HostShape | undefined, attachments: Attachment[]): Host {
  return {
    name: entry.key,
    networks: attachments.map(({ network, text, at }) => ({
      network,
      where: whereIs(page, at),
      ...(text !== undefined && { address: text }),
    })),
    ...(shape && readProgram(page, entry, shape)),
    files: Object.entries(shape?.files ?? {}).map(([path, content]) => ({ path, content })),
    sysctls: { ...shape?.sysctls },
    where: whereIs(page, entry.at),
  };
}
