/** Numbers in the pages that are constants of the code: they are equal, whoever changes one of the two. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Results } from '../../bench/links/page.ts';
import { ROOT } from '../cli/command.ts';

const SECONDS = 1000;
const KIBI = 1024;
const MEBI = 1024 ** 2;
const GIBI = 1024 ** 3;
/** Bytes that a frame of Ethernet's size takes of a cable's ring: the power of two that it fits in. */
const SLOT = 2048;

/** Where `#` stands in a page there is this constant of a file of this name, in this unit. */
const NUMBERS: [page: string, text: string, constant: string, unit?: number][] = [
  ['docs/limits.md', 'a reply of `time` | # bytes', 'time/format.ts REPLY_LIMIT'],
  ['docs/limits.md', 'a format of more than # bytes', 'time/format.ts REQUEST_LIMIT'],
  ['docs/limits.md', 'as many bytes as the question; # bytes', 'time/ntp.ts PACKET_BYTES'],
  ['docs/limits.md', 'then silence; # where a firewall', 'services/loops.ts LAST_RESORT'],
  ['docs/limits.md', 'the last # are remembered', 'services/loops.ts PEERS'],
  ['docs/limits.md', 'all its ports together | # bytes a second', 'chat/udp/allowance.ts ONE.rate'],
  ['docs/limits.md', '# at once after a pause, and as many more', 'chat/udp/allowance.ts ONE.saved'],
  ['docs/limits.md', 'all such addresses together | # bytes a second', 'chat/udp/allowance.ts ALL.rate'],
  ['docs/limits.md', 'bytes a second, # at once after a pause |', 'chat/udp/allowance.ts ALL.saved'],
  ['docs/limits.md', '`/who` #,', 'chat/udp/desk.ts WHO_BYTES'],
  ['docs/limits.md', 'a line has # bytes', 'chat/udp/line.ts LINE_LIMIT'],
  ['docs/limits.md', 'wait to be accepted | #, or', 'services/tcp-listener.ts BACKLOG'],
  ['docs/limits.md', 'a program is ready | # s', 'ready.ts READY_WITHIN', SECONDS],
  ['docs/limits.md', 'an expectation comes true | # s', 'expectation.ts COMES_TRUE_WITHIN', SECONDS],
  ['docs/limits.md', '`http`…) | # s;', 'steps/arguments.ts GIVE_UP', SECONDS],
  ['docs/limits.md', '`ping` # s behind', 'steps/ping.ts GIVE_UP', SECONDS],
  ['docs/limits.md', '`exec` # s,', 'steps/exec.ts GIVE_UP', SECONDS],
  ['docs/limits.md', 'stops after `pause` | # s;', 'stop.ts ENDS_WITHIN', SECONDS],
  ['docs/limits.md', 'stops after `pause` | # s;', 'kill.ts ENDS_WITHIN', SECONDS],
  ['docs/limits.md', 'stops after `pause` | 10 s; # s |', 'pause.ts STOPS_WITHIN', SECONDS],
  ['docs/limits.md', 'the Docker Engine answers | # s,', 'containers/probe.ts LIMIT', SECONDS],
  [
    'docs/limits.md',
    'says every # s that lanlab waits for it',
    'containers/probe.ts WAITING_SAID_EVERY',
    SECONDS,
  ],
  ['docs/limits.md', 'the next part of an image | # s of silence', 'base.ts PULL_LIMIT', SECONDS],
  ['docs/limits.md', 'inside a host | # s;', 'tool.ts TOOL_ENDS_WITHIN', SECONDS],
  ['docs/limits.md', 'after at most # million steps', 'cost.ts FEW', 1e6],
  ['docs/limits.md', 'after # s at least', 'patterns/find.ts LEAST', SECONDS],
  ['docs/limits.md', 'a file that is downloaded | the first # KiB', 'download.ts KEPT', KIBI],
  ['docs/limits.md', 'HTTP answer | the first # MiB', 'steps/http.ts KEPT', MEBI],
  ['docs/limits.md', 'until a step takes it | # MiB', 'conversation.ts KEPT_MIB'],
  ['docs/limits.md', 'until a step takes them | #, or', 'datagrams.ts HELD.datagrams'],
  ['docs/limits.md', 'until a step takes them | 1,000, or # MiB', 'datagrams.ts HELD.bytes', MEBI],
  ['docs/limits.md', '(`logs`) | #, or', 'journal.ts MOST_ENTRIES'],
  ['docs/limits.md', '(`logs`) | 20,000, or # Mi characters', 'journal.ts MOST_TEXT', MEBI],
  ['docs/limits.md', 'last words in an error | # lines', 'live/up.ts WORDS_KEPT'],
  ['docs/limits.md', '# characters of each', 'ready.ts LINE_SHOWN'],
  ['docs/limits.md', '`ready: { log: … }` | # Mi characters', 'ready.ts WAITING', MEBI],
  ['docs/limits.md', 'A line of more than # Ki characters', 'lines.ts LONGEST', KIBI],
  ['docs/limits.md', 'fewer than # file descriptors', 'few-descriptors.ts FEWEST'],
  ['docs/links.md', 'or of a host on Docker | # |', 'cable/impairment.ts MOST_HELD'],
  ['docs/links.md', 'from 1 kbit/s to # Gbit/s', 'cable/impairment.ts FASTEST', 1e9],
  ['docs/links.md', 'from # kbit/s to 1 Gbit/s', 'link-values.ts SLOWEST', 1000],
  ['docs/links.md', 'a queue in time | # s |', 'link-values.ts LONGEST', SECONDS],
  ['docs/links.md', 'of one fault or link | # |', 'thread-calls.ts MOST_VERDICTS'],
  ['docs/links.md', 'nothing comes for # ms', 'cable/impairment.ts OVERTAKEN_WITHIN'],
  ['docs/links.md', 'at least # frames', 'turns.ts AT_LEAST'],
  ['docs/links.md', '# ms where nothing is written', 'networks/link.ts QUEUE.milliseconds'],
  ['docs/links.md', 'has its turn | # for each direction', 'packet-socket.ts RING', SLOT],
  ['docs/reference/link.md', '#ms is the default', 'networks/link.ts QUEUE.milliseconds'],
  ['docs/limits.md', 'frames that are kept | #,', 'most-frames.ts MOST_FRAMES'],
  ['docs/limits.md', 'and # MiB of them', 'read-capture.ts MOST_BYTES', MEBI],
  ['docs/limits.md', 'lanes | # |', 'ladder/make.ts MOST_LANES'],
  ['docs/limits.md', 'without an option | #,', 'cli/ladder.ts MOST_CONVERSATIONS'],
  ['docs/limits.md', 'one frame | # bytes', 'pcap.ts LONGEST_FRAME'],
  ['docs/limits.md', 'one block of pcapng | # MiB', 'pcapng.ts LONGEST_BLOCK', MEBI],
  ['docs/limits.md', 'when it is unpacked | # GiB', 'packed.ts MOST_UNPACKED', GIBI],
  ['docs/limitations.md', 'carries at most # hosts', 'own-addresses.ts MOST_ON_ONE_NETWORK'],
  ['docs/limitations.md', 'one MTU, from # to', 'scenario/values/mtu.ts SMALLEST_MTU'],
  ['docs/limitations.md', 'one MTU, from 68 to # bytes', 'scenario/values/mtu.ts LARGEST_MTU'],
  ['docs/limitations.md', 'A run keeps # frames', 'captures.ts KEPT_MOST.frames'],
  ['docs/limitations.md', 'frames or # MiB', 'captures.ts KEPT_MOST.bytes', MEBI],
  ['docs/limitations.md', '`sockets` looks every # ms', 'expectations/sockets.ts AGAIN'],
  ['docs/why.md', 'this takes # seconds at most', 'causes/index.ts CAUSE_FOUND_WITHIN', SECONDS],
  ['docs/reference.md', 'At most #h', 'scenario/values/values.ts MOST_MILLISECONDS', 3_600_000],
  ['docs/reference.md', 'At most #MiB', 'model/bytes.ts MOST_BYTES', MEBI],
  ['docs/reference.md', '(#s by default)', 'expectation.ts COMES_TRUE_WITHIN', SECONDS],
  ['docs/reference/receive.md', 'FIN for TCP (# ms at most)', 'left-over.ts UNTIL_THE_END'],
  ['docs/reference/receive.md', 'within # ms for UDP', 'left-over.ts ANOTHER_DATAGRAM'],
  ['docs/reference/receive.md', 'nothing comes, for #s', 'expectations/receive.ts SILENCE', SECONDS],
  ['docs/reference/tcp.md', 'fails as `timeout` (#s by default)', 'steps/arguments.ts GIVE_UP', SECONDS],
  ['docs/reference/ping.md', '(#s by default)', 'steps/ping.ts GIVE_UP', SECONDS],
  ['docs/reference/exec.md', '(#s by default)', 'steps/exec.ts GIVE_UP', SECONDS],
  ['docs/reference/lease.md', '(#s by default)', 'steps/lease.ts GIVE_UP', SECONDS],
];

test.each(NUMBERS)('%s: %s is %s', (page, text, constant, unit = 1) => {
  const [before, after] = text.split('#') as [string, string];
  const found = new RegExp(`${literal(before)}([\\d,.]*\\d)${literal(after)}`).exec(oneLine(page));
  expect(found, `${page} has no such text`).not.toBeNull();
  expect(Number(found![1]!.replaceAll(',', ''))).toBe(constantOf(constant) / unit);
});

test('the README has the base image and the Node that the code has', () => {
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
  const page = oneLine('README.md');
  expect(page).toContain(`Node ${engines.node.replace('>=', '')}`);
  expect(page).toContain(`\`${/OFFICIAL = '(.*)'/.exec(read('lab/engines/containers/base.ts'))![1]}\``);
});

test.each([
  ['`npm start`, later', '`npm start`, packages in, netns'],
  ['the same scenario on Docker, when its images are built', '01-lan on Docker with all its checks'],
  ['100 hosts on namespaces, up and down', '100 hosts, one ping, up and down, netns'],
  ['1,000 hosts on namespaces, up and down', '1,000 hosts, one ping, up and down, netns'],
])('the README says of %s what was measured', (row, measured) => {
  const found = /[\d.]+/.exec(cellsOf('docs/performance.md', measured)[2]!)![0];
  const rounded = Number(Number(found).toPrecision(found.startsWith('0.') ? 1 : 2));
  expect(cellsOf('README.md', row)[1]).toBe(`${rounded} s`);
});

test('docs/links.md says of a cable without a delay what was measured', () => {
  const limit = Number(/a delay \(less than ([\d.]+) ms\)/.exec(oneLine('docs/links.md'))![1]);
  const { rows } = JSON.parse(read('bench/results/links.json')) as Results;
  const ways = rows.flatMap(({ found }) => found.filter(({ asked }) => asked.endsWith('seen the other way')));
  expect(ways.length).toBeGreaterThan(0);
  for (const { found } of ways) expect(Number(/in ([\d.]+) ms at/.exec(found)![1])).toBeLessThan(limit);
});

function cellsOf(page: string, first: string): string[] {
  const row = read(page)
    .split('\n')
    .find((line) => line.startsWith(`| ${first} |`));
  return row!
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function oneLine(page: string): string {
  return read(page).replaceAll(/\s+/g, ' ');
}

/** `file.ts NAME` or `file.ts NAME.key`, perhaps with the folder before it; there must be one such file that has it. */
function constantOf(where: string): number {
  const [file, path] = where.split(' ') as [string, string];
  const [name, key] = path.split('.') as [string, string | undefined];
  const paths = globSync(`{lab,services}/**/${basename(file)}`, { cwd: ROOT });
  const values = paths.flatMap((one) => {
    if (!`/${one}`.endsWith(`/${file}`)) return [];
    const written = new RegExp(`\\bconst ${name}\\b[^=]*= ([^;]+);`).exec(read(one))?.[1];
    return written === undefined ? [] : [product(key ? partOf(written, key) : written, one)];
  });
  expect(values, where).toHaveLength(1);
  return values[0]!;
}

function partOf(written: string, key: string): string {
  return new RegExp(`\\b${key}: ([^,}]+)`).exec(written)![1]!;
}

/** A product: `384 * 1024 ** 2`. A name in it is a constant of the same file. */
function product(written: string, file: string): number {
  const factors = written.split(/(?<!\*)\*(?!\*)/).map((factor) => {
    const [base, power = '1'] = factor.split('**').map((one) => one.trim().replaceAll('_', ''));
    const number = /^\d/.test(base!)
      ? Number(base!.replace(/n$/, ''))
      : constantOf(`${file} ${factor.trim()}`);
    return number ** Number(power);
  });
  return factors.reduce((all, factor) => all * factor, 1);
}
