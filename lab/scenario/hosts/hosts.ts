/** `hosts:` read and checked, without the addresses of hosts. */
import { isScalar, isSeq, type Node } from 'yaml';
import { z } from 'zod';
import { canonical, printAddress } from '../../model/address.ts';
import { NONE } from '../../model/endpoint.ts';
import { reading, show, Wrong } from '../../model/reading.ts';
import type { Host, HostFile } from '../../model/types.ts';
import type { Hint } from '../../wire/lines/hint.ts';
import { exampleFor, HOST_EXAMPLE } from '../hints/examples.ts';
import { flow } from '../hints/flow.ts';
import { checkName } from '../networks/networks.ts';
import type { ReadNetwork } from '../networks/read-network.ts';
import { check, soundPart } from '../text/check.ts';
import type { Advice } from '../text/findings.ts';
import { type Page, refuse, whereIs } from '../text/page.ts';
import { type Entry, entriesOf, placeOf, plain, readMap, withColon } from '../text/tree.ts';
import { contentFrom } from '../values/file-value.ts';
import { NAME, name } from '../values/values.ts';
import type { Attachment } from './attachment.ts';
import { readAttachments } from './attachments.ts';
import { firewallKeys, firewallOf } from './firewall.ts';
import { meantHostKey } from './host-keys.ts';
import { envSchema, filesSchema, sysctlsSchema } from './host-values.ts';
import { natSchema, readNat } from './nat.ts';
import { programKeys, readProgram } from './program.ts';
import type { ReadHost } from './read-host.ts';
import { placeRoutes, routesOf, routesSchema } from './routes.ts';

export const MOST_HOSTS = 5_000;

const gatewaySchema = reading(
  (input): string[] | Wrong => {
    if (input === NONE) return [];
    const words: unknown[] = [input].flat();
    const stray = words.find((word) => !isGateway(word));
    if (words.length > 0 && stray === undefined)
      return words.map((word) => canonical(String(word)) ?? String(word));
    return new Wrong(
      `${show(stray ?? input)} is not a gateway`,
      `write a router on one of its networks, its address there, several in a list, or ${NONE}`,
    );
  },
  {
    anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
    description:
      'The next hop to all other networks: a router, an address, a list of them, or none. Of several gateways, the first one with a way to the network counts. Without `gateway`, lanlab works out the routes. An address is a gateway for its family, a name for both families.',
  },
);

function isGateway(word: unknown): boolean {
  return typeof word === 'string' && word !== NONE && (NAME.test(word) || canonical(word) !== undefined);
}

const forwardSchema = z
  .boolean()
  .describe('true: the host is a router, and forwards packets that are not for itself.');

const tlsSchema = z
  .boolean()
  .describe(
    "true: the host has a certificate for its names and addresses, signed by the lab's CA, and every host of the lab trusts this CA. With it, `service: files` serves HTTPS on port 443.",
  );

/** All keys of a host. `networks` takes anything here, since it is checked against the networks of the scenario. */
export const hostSchema = z.strictObject({
  program: name
    .optional()
    .describe('One of `programs`. The host may say more about it under `env`, `files` and `ready`.'),
  ...programKeys,
  networks: z
    .unknown()
    .optional()
    .describe(
      'A list of names, or a map of names to addresses or to { address, mac, mtu, link }. The first one is eth0, the second one is eth1. An address may be a list with one of each family.',
    ),
  on: z
    .string()
    .regex(/^[^\s=]+(=\S*)?$/)
    .optional()
    .describe('On several machines: the one that holds the host, by its name or by a label `key=value`.'),
  gateway: gatewaySchema.optional(),
  routes: routesSchema.optional(),
  forward: forwardSchema.optional(),
  nat: natSchema.optional(),
  tls: tlsSchema.optional(),
  ...firewallKeys,
  env: envSchema,
  files: filesSchema,
  sysctls: sysctlsSchema,
});
/** The form of a host, for advice. */
const hostForm = hostSchema.extend({
  networks: z.union([z.array(name), z.record(name, z.unknown())]),
});
type HostShape = z.infer<typeof hostSchema>;

/** Every host that was named, by name; problems with them are noted on the page. */
export function readHosts(
  page: Page,
  { value, at }: Entry,
  networks: ReadonlyMap<string, ReadNetwork>,
): Map<string, ReadHost> {
  const hosts = new Map<string, ReadHost>();
  const entries = readMap(page, '`hosts`', value, at, withColon(value) ?? hostsHint(value));
  if (entries?.length === 0) refuse(page, at, 'there is no host', { hint: hostHint('alice') });
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
  const more = (): Advice => ({
    level: 'host',
    form: hostForm,
    example: exampleFor(HOST_EXAMPLE, page.names),
  });
  const inner = isEmpty(entry.value)
    ? []
    : (readMap(page, what, entry.value, entry.at, hostHint(entry.key)) ?? undefined);
  const right = inner?.length ? check(page, hostSchema, entry.value, entry.at, what, more) : undefined;
  // One mistake in a host does not hide all its other keys.
  const shape = inner?.length ? (right ?? soundPart(hostSchema, entry.value))?.value : undefined;
  if (shape && !right && meansForward(inner ?? [])) shape.forward = true;
  const attachments = inner ? readAttachments(page, entry, inner, networks) : [];
  const gateway = inner?.find(({ key }) => key === 'gateway');
  const gateways = (shape?.gateway ?? []).map((text, index) => ({
    text,
    at: placeOf(gateway!.value, isSeq(gateway!.value) ? [index] : [], gateway!.at),
  }));
  const routes = placeRoutes(inner?.find(({ key }) => key === 'routes'));
  const host = { ...makeHost(page, entry, shape, attachments), ...routesOf(routes), ...gatewayOf(shape) };
  const nat = inner?.find(({ key }) => key === 'nat');
  if (shape?.nat && nat) host.nat = readNat(page, nat, shape.nat);
  return { host, at: entry.at, attachments, gateways, routes, keys: inner ?? [] };
}

function gatewayOf(shape: HostShape | undefined): Pick<Host, 'gateway'> {
  return shape?.gateway ? { gateway: shape.gateway } : {};
}

/** Whether the host is meant to forward, although the value is wrong or the key is mistyped. */
function meansForward(keys: readonly Entry[]): boolean {
  const written = keys.find(({ key }) => meantHostKey(key) === 'forward');
  return written !== undefined && plain(written.value) !== false;
}

function hostHint(host: string): Hint {
  return ({ network }) => `write ${host}: { networks: [${network}] }`;
}

/** `[alice, bob]`, or a list of maps that each have a name. */
function hostsHint(value: Node | null): Hint {
  const items: unknown[] = isSeq(value) ? value.items.map((item) => plain(item as Node)) : [];
  const names = items.map((item) => (item as { name?: unknown } | null)?.name ?? item);
  const good = names.filter((one): one is string => typeof one === 'string' && NAME.test(one)).slice(0, 3);
  return ({ network }) => {
    const hosts = (good.length > 0 ? good : ['alice']).map((one) => [one, { networks: [network] }]);
    return `write hosts: ${flow(Object.fromEntries(hosts))}`;
  };
}

function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function makeHost(page: Page, entry: Entry, shape: HostShape | undefined, attachments: Attachment[]): Host {
  const firewall = shape && firewallOf(shape);
  return {
    name: entry.key,
    networks: attachments.map(({ network, addresses, mac, mtu, link, ofNetwork, at }) => ({
      network,
      ...(mac && { mac: mac.value }),
      ...(mtu && { mtu: mtu.value }),
      ...(link && { link }),
      ...(ofNetwork && { ofNetwork }),
      where: whereIs(page, at),
      addresses: addresses.map(({ address }) => printAddress(address)),
    })),
    ...(shape && readProgram(page, entry, shape)),
    files: filesOf(page, entry, shape?.files ?? {}),
    sysctls: { ...shape?.sysctls },
    ...(shape?.forward && { forward: true }),
    ...(shape?.tls && { tls: true }),
    ...(shape?.on !== undefined && { on: shape.on }),
    ...(firewall && { firewall }),
    where: whereIs(page, entry.at),
  };
}

/** The files of a host, with the bytes of those that lie beside the scenario. */
function filesOf(page: Page, host: Entry, files: NonNullable<HostShape['files']>): HostFile[] {
  const written = entriesOf(host.value).find(({ key }) => key === 'files');
  return Object.entries(files).flatMap(([path, given]) => {
    const { mode } = given;
    const content = 'from' in given.content ? contentFrom(given.content, page.file) : given.content;
    if (!(content instanceof Wrong)) return [{ path, content, ...(mode !== undefined && { mode }) }];
    const at = entriesOf(written?.value ?? null).find(({ key }) => key === path);
    refuse(page, at?.value ?? host.at, content.what, { hint: content.hint });
    return [];
  });
}
