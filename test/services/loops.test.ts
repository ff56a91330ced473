/** No two servers answer each other for ever, whatever their ports, and no client is slowed by what sees to that. */
import { expect, test } from 'vitest';
import { createChat } from '../../services/chat/server.ts';
import type { Endpoint } from '../../services/events.ts';
import type { Service, ServiceOptions } from '../../services/serve.ts';
import { createTime } from '../../services/time/server.ts';
import { createUdpEcho } from '../../services/udp-echo/server.ts';
import { describeNeeding } from '../needs.ts';
import { udpClient } from './clients.ts';
import { noSpoofing, spoof } from './spoof.ts';

type Create = (options: ServiceOptions) => Promise<Service>;
const echo: Create = (options) => createUdpEcho({ ...options, echoPort: 0, capitalsPort: 0 });
const time: Create = (options) =>
  createTime({ ...options, ntpPort: 0, textPort: 0, daytimePort: 0, secondsPort: 0 });
const chat: Create = (options) => createChat({ ...options, port: 0, ircPort: 0 });
const PROGRAMS: Readonly<Record<string, Create>> = {
  ...{ echo, capitals: echo, chat },
  ...{ ntp: time, time, daytime: time, seconds: time },
};
const NAMES = Object.keys(PROGRAMS);
const PAIRS = NAMES.flatMap((one) => NAMES.map((other) => [one, other] as const));

interface Server extends AsyncDisposable {
  readonly at: Endpoint;
  /** Datagrams that it has read, of all peers. */
  heard(): number;
}

/** A server on a port that the kernel chooses, and so on none that is known to be a server's. */
async function server(name: string, address: string): Promise<Server> {
  let heard = 0;
  const service = await (PROGRAMS[name] as Create)({
    hosts: [address],
    onEvent: ({ event }) => {
      if (event === 'receive') heard += 1;
    },
  });
  const port = service.addresses.find((one) => one.service === name)?.port ?? 0;
  return { at: { address, port }, heard: () => heard, [Symbol.asyncDispose]: () => service.close(0) };
}

/** Nothing was heard between two looks, or more than `most` in all. All run in this process, so whatever is on its way is read by then. */
async function silence(heard: () => number, most: number): Promise<void> {
  let before = -1;
  while (heard() !== before && heard() <= most) {
    before = heard();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function ntpRequest(): Buffer {
  const packet = Buffer.alloc(48, 'x');
  packet[0] = 0b00_100_011;
  return packet;
}

const BEGINNINGS: readonly (readonly [string, Buffer])[] = [
  ['a word', Buffer.from('hello')],
  ['nothing', Buffer.alloc(0)],
  ['a conversion that only capitals make known', Buffer.from('%f %q %Q')],
  ['percent signs', Buffer.from('%%%%%%%%%%%%%%%%H')],
  ['a request of NTP', ntpRequest()],
  ['a login', Buffer.from('/login carol')],
  ['what chat says', Buffer.from('relay: log in first: /login NAME')],
  ['more than a format or a line may have', Buffer.alloc(3000, 'long ')],
  ['bytes that are no text', Buffer.from('fffe00ff', 'hex')],
];

describeNeeding('netns', noSpoofing(), 'one datagram with a false source', () => {
  test.each(BEGINNINGS)(
    '%s: between any two servers at most 1,000 datagrams follow, and then silence',
    async (_, data) => {
      await using all = new AsyncDisposableStack();
      const pairs = await Promise.all(
        PAIRS.map(async ([one, other]) => ({
          name: `${one} to ${other}`,
          one: all.use(await server(one, '127.0.0.2')),
          other: all.use(await server(other, '127.0.0.3')),
        })),
      );
      spoof(pairs.map(({ one, other }) => ({ from: one.at, to: other.at, data })));
      const heard = ({ one, other }: (typeof pairs)[number]): number => one.heard() + other.heard();
      await silence(() => pairs.reduce((sum, pair) => sum + heard(pair), 0), 1000 * pairs.length);
      for (const pair of pairs) {
        expect([pair.name, heard(pair)]).toEqual([
          pair.name,
          expect.toSatisfy((count) => count >= 1 && count <= 1000),
        ]);
      }
    },
    60_000,
  );

  test('a hundred at once, each another text, end too', async () => {
    await using one = await server('echo', '127.0.0.2');
    await using other = await server('capitals', '127.0.0.3');
    spoof(
      Array.from({ length: 100 }, (_, i) => ({ from: one.at, to: other.at, data: Buffer.from(`text ${i}`) })),
    );
    const heard = (): number => one.heard() + other.heard();
    await silence(heard, 100 * 1000);
    expect(heard()).toBeLessThan(100 * 1000);
  });

  test('three are no way out: a chat hands on nothing between two who echo it', async () => {
    await using relay = await server('chat', '127.0.0.2');
    await using one = await server('echo', '127.0.0.3');
    await using other = await server('capitals', '127.0.0.4');
    const heard = (): number => relay.heard() + one.heard() + other.heard();
    for (const [from, text] of [
      [one, '/login one'],
      [other, '/login other'],
      [one, 'round and round'],
    ] as const) {
      spoof([{ from: from.at, to: relay.at, data: Buffer.from(text) }]);
      await silence(heard, 3000);
    }
    expect(heard()).toBeLessThan(3000);
  });
});

test.each(['echo', 'capitals', 'time', 'chat'])(
  'a client that says the same again as soon as it is answered gets every answer of %s',
  async (name) => {
    await using asked = await server(name, '127.0.0.2');
    using client = await udpClient();
    const { port } = asked.at;
    client.socket.connect(port, '127.0.0.2');
    await new Promise((resolve) => client.socket.once('connect', resolve));
    const next = (): Promise<{ text: string }> => {
      client.socket.send('0123 %%');
      return client.next();
    };
    const first = (await next()).text;
    for (let i = 0; i < 5000; i += 1) expect((await next()).text).toBe(first);
    expect(client.waiting).toEqual([]);
  },
);
