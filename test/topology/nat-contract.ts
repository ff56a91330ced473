/**
 * What NATs and firewalls must be on every engine: whose address is seen on which side, what a port once given out
 * is good for (RFC 4787), what leads inside, and what is let through.
 */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Endpoint } from '../../lab/agent/endpoint.ts';
import { Captures } from '../../lab/captures/captures.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import type { WireView } from '../../lab/outcomes/context.ts';
import { hostOf, labOf, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';
import { hopsOf } from './hops.ts';

/** Four homes behind a NAT of each kind, and a network behind a firewall. */
const LAB = (net: number) => `
lab: homes
networks:
  internet: 10.${net}.0.0/24
  plain: 10.${net}.1.0/24
  open: 10.${net}.2.0/24
  half: 10.${net}.3.0/24
  shut: 10.${net}.4.0/24
  dmz: 10.${net}.5.0/24
hosts:
  plain-nat:
    forward: true
    networks: { plain: 10.${net}.1.1, internet: 10.${net}.0.1 }
    nat: { outside: internet, answers: true, ports: { "8080": "web:9000", udp: { "5353": "web:9100" } } }
  open-nat:
    forward: true
    networks: { open: 10.${net}.2.1, internet: 10.${net}.0.2 }
    nat: { outside: internet, kind: endpoint-independent }
  half-nat:
    forward: true
    networks: { half: 10.${net}.3.1, internet: 10.${net}.0.3 }
    nat: { outside: internet, kind: address-dependent }
  shut-nat:
    forward: true
    networks: { shut: 10.${net}.4.1, internet: 10.${net}.0.4 }
    nat: { outside: internet, kind: symmetric }
  guard:
    forward: true
    networks: { dmz: 10.${net}.5.1, internet: 10.${net}.0.5 }
    deny: ["tcp other > store:9000"]
    reject: ["tcp * > store:7", "udp * > store"]
  alice: { networks: { plain: 10.${net}.1.21 } }
  bob: { networks: { plain: 10.${net}.1.22 } }
  web: { service: tcp-echo, networks: { plain: 10.${net}.1.10 } }
  carol: { networks: { open: 10.${net}.2.21 } }
  dora: { networks: { open: 10.${net}.2.22 } }
  erin: { networks: { half: 10.${net}.3.21 } }
  frank: { networks: { shut: 10.${net}.4.21 } }
  server: { service: tcp-echo, networks: { internet: 10.${net}.0.10 } }
  other: { networks: { internet: 10.${net}.0.11 } }
  store: { service: tcp-echo, networks: { dmz: 10.${net}.5.10 } }
  clerk: { networks: { dmz: 10.${net}.5.21 }, allow: ["tcp store > clerk:9200"], deny: ["icmp server > *"] }
`;

/** Networks are 10.NET.x.0/24. */
export async function natContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `NATs and firewalls on ${engine.name}`, () => claims(engine, net));
}

/** Nothing that arrives is taken for nothing that comes. */
const SOON = 5000;
/** How long a connection is tried that is not to come about. */
const WHILE = 300;

function claims(engine: Engine, net: number): void {
  let lab: LiveLab;
  const host = (name: string) => hostOf(lab, name);
  const ping = (from: string, options: string) => shell(host(from), `ping -n ${options} || true`);
  const address = (name: string, network?: string) =>
    host(name).plan.interfaces.find((card) => network === undefined || card.network === network)!
      .addresses[0]!.address;

  beforeAll(async () => {
    lab = await labOf(engine, LAB(net));
  }, 90_000);
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  }, 60_000);

  async function connect(from: string, to: Endpoint, giveUp = SOON) {
    const { agent } = host(from);
    const made = await agent.tcpConnect({ to, giveUp });
    onTestFinished(async () => void (await agent.close({ handle: made.handle })));
    return made;
  }

  /** A UDP socket of a host's agent. */
  async function socket(name: string, port: number) {
    const { agent } = host(name);
    // Not connected: it hears everybody.
    const to = { address: address(name === 'server' ? 'other' : 'server'), port: 9 };
    const { handle } = await agent.udpOpen({ bind: { address: address(name), port }, to });
    onTestFinished(async () => void (await agent.close({ handle })));
    return {
      send: (to: Endpoint) => agent.udpSend({ handle, to, bytes: Buffer.from('x') }),
      /** Who sent the next datagram. */
      heard: async () => (await agent.udpReceive({ handle, giveUp: SOON })).from,
    };
  }

  /** The outside end of a host's socket as `server` and `other` see it, both by a socket of their own. */
  async function mapped(name: string, port: number) {
    const inside = await socket(name, port);
    const [one, two] = [await socket('server', 9100), await socket('other', 9100)];
    await inside.send({ address: address('server'), port: 9100 });
    const byServer = await one.heard();
    await inside.send({ address: address('other'), port: 9100 });
    const byOther = await two.heard();
    return { inside, one, two, byServer, byOther };
  }

  async function watching(...hosts: string[]): Promise<{ captures: Captures; view: WireView }> {
    const captures = new Captures(lab.hosts, []);
    onTestFinished(async () => void (await captures.stop()));
    return { captures, view: (await captures.watch(hosts, []))! };
  }

  describe('a NAT', () => {
    test('gives what leaves its own address, and the answer the host’s own', async () => {
      const { captures, view } = await watching('alice', 'plain-nat', 'server');
      await shell(host('alice'), 'ping -c1 -W2 server');
      await captures.barrier(['alice', 'plain-nat', 'server']);
      expect(hopsOf(view, lab).filter((line) => line.startsWith('icmp'))).toEqual([
        'icmp alice > server echo-request ttl=64 on plain: alice eth0 > plain-nat eth0',
        'icmp plain-nat > server echo-request ttl=63 on internet: plain-nat eth1 > server eth0',
        'icmp server > plain-nat echo-reply ttl=64 on internet: server eth0 > plain-nat eth1',
        'icmp server > alice echo-reply ttl=63 on plain: plain-nat eth0 > alice eth0',
      ]);
    });

    test('is whom the server sees', async () => {
      const { local } = await connect('alice', { address: address('server'), port: 9000 });
      const event = await host('server').events.first(({ peer }) => peer?.port === local.port, SOON);
      expect(event?.peer?.address).toBe(address('plain-nat', 'internet'));
    });

    test('gives two hosts that use the same port two ports', async () => {
      const to = { address: address('server'), port: 9100 };
      const server = await socket('server', 9100);
      const [alice, bob] = [await socket('alice', 5100), await socket('bob', 5100)];
      await alice.send(to);
      const first = await server.heard();
      await bob.send(to);
      const second = await server.heard();
      expect(first).toEqual({ address: address('plain-nat', 'internet'), port: 5100 });
      expect(second.address).toBe(first.address);
      expect(second.port).not.toBe(first.port);
      await server.send(second);
      expect(await bob.heard()).toEqual(to);
      await server.send(first);
      expect(await alice.heard()).toEqual(to);
    });

    test('lets nobody in by himself: not to its own address, nor to one inside to which there is a route', async () => {
      const nat = address('plain-nat', 'internet');
      await expect(connect('server', { address: nat, port: 9000 })).rejects.toMatchObject({
        data: { kind: 'refused' },
      });
      const { captures, view } = await watching('web');
      const inside = { address: address('web'), port: 9000 };
      await expect(connect('server', inside, WHILE)).rejects.toMatchObject({ data: { kind: 'timeout' } });
      await captures.barrier(['web']);
      expect(hopsOf(view, lab).filter((line) => line.startsWith('tcp'))).toEqual([]);
    });

    test('leads a port inside, to a server that sees the real client', async () => {
      const { local } = await connect('server', { address: address('plain-nat', 'internet'), port: 8080 });
      const event = await host('web').events.first(({ peer }) => peer?.port === local.port, SOON);
      expect(event?.peer).toEqual(local);
      expect(event?.local).toEqual({ address: address('web'), port: 9000 });
    });

    test('leads a UDP port inside, and the answer seems to come from it', async () => {
      const [web, server] = [await socket('web', 9100), await socket('server', 9101)];
      const to = { address: address('plain-nat', 'internet'), port: 5353 };
      await server.send(to);
      const from = await web.heard();
      expect(from).toEqual({ address: address('server'), port: 9101 });
      await web.send(from);
      expect(await server.heard()).toEqual(to);
    });

    test('leads it inside for those inside too, who are seen by its own address there', async () => {
      const { local } = await connect('alice', { address: address('plain-nat', 'internet'), port: 8080 });
      const event = await host('web').events.first(({ peer }) => peer?.port === local.port, SOON);
      expect(event?.peer?.address).toBe(address('plain-nat', 'internet'));
    });
  });

  describe('of the kinds', () => {
    test('an endpoint-independent one shows everybody the same port, and lets everybody answer', async () => {
      const { inside, two, byServer, byOther } = await mapped('carol', 5200);
      expect(byServer).toEqual({ address: address('open-nat', 'internet'), port: 5200 });
      expect(byOther).toEqual(byServer);
      const stranger = await socket('alice', 5201);
      await stranger.send(byServer);
      expect(await inside.heard()).toEqual({ address: address('plain-nat', 'internet'), port: 5201 });
      await two.send(byServer);
      expect(await inside.heard()).toEqual({ address: address('other'), port: 9100 });
    });

    test('it gives a port that is another host’s to nobody else, whoever is spoken to', async () => {
      const carol = await socket('carol', 5300);
      const dora = await socket('dora', 5300);
      const [server, other] = [await socket('server', 9100), await socket('other', 9100)];
      await carol.send({ address: address('server'), port: 9100 });
      const first = await server.heard();
      await dora.send({ address: address('other'), port: 9100 });
      const second = await other.heard();
      expect(second.port).not.toBe(first.port);
      await dora.send({ address: address('server'), port: 9100 });
      expect(await server.heard()).toEqual(second);
    });

    test('an address-dependent one shows each address a port of its own, good for all its ports', async () => {
      const { inside, byServer, byOther } = await mapped('erin', 5400);
      expect(byServer.address).toBe(byOther.address);
      expect(byServer.port).not.toBe(byOther.port);
      const [again, stranger] = [await socket('server', 9101), await socket('other', 9101)];
      await inside.send({ address: address('server'), port: 9101 });
      expect(await again.heard()).toEqual(byServer);
      const anew = await socket('server', 9102);
      await stranger.send(byServer);
      await anew.send(byServer);
      expect(await inside.heard()).toEqual({ address: address('server'), port: 9102 });
    });

    test('a symmetric one shows each port a port of its own, and lets in who was spoken to alone', async () => {
      const { inside, one, byServer, byOther } = await mapped('frank', 5500);
      expect(byServer.address).toBe(byOther.address);
      expect(byServer.port).not.toBe(byOther.port);
      const again = await socket('server', 9101);
      await inside.send({ address: address('server'), port: 9101 });
      expect((await again.heard()).port).not.toBe(byServer.port);
      await again.send(byServer);
      await one.send(byServer);
      expect(await inside.heard()).toEqual({ address: address('server'), port: 9100 });
    });
  });

  describe('a firewall', () => {
    const store = (port: number) => ({ address: address('store'), port });

    test('at a router drops what is denied to one, and forwards it to another', async () => {
      await expect(connect('other', store(9000), WHILE)).rejects.toMatchObject({ data: { kind: 'timeout' } });
      await connect('server', store(9000));
    });

    test('says so where it is told to reject: a RST, or that it is prohibited', async () => {
      await expect(connect('server', store(7))).rejects.toMatchObject({ data: { kind: 'refused' } });
      const { captures, view } = await watching('server');
      const server = await socket('server', 9100);
      await server.send(store(9000));
      await captures.barrier(['guard', 'server']);
      expect(hopsOf(view, lab)).toContainEqual(
        expect.stringMatching(/^icmp guard > server admin-prohibited/),
      );
    });

    test('lets through what it does not speak of', async () => {
      expect(await ping('other', '-c1 -W2 store')).toContain('ttl=63');
    });

    test('at a host lets in what is allowed and nothing else, and every answer', async () => {
      expect(await ping('store', `-c1 -W0.3 ${address('clerk')}`)).not.toContain('bytes from');
      expect(await ping('clerk', '-c1 -W2 store')).toContain('ttl=64');
      await connect('clerk', store(9000));
      const clerk = host('clerk').agent;
      const { handle } = await clerk.tcpListen({ at: { address: address('clerk'), port: 9200 } });
      onTestFinished(async () => void (await clerk.close({ handle })));
      await connect('store', { address: address('clerk'), port: 9200 });
      const server = connect('server', { address: address('clerk'), port: 9200 }, WHILE);
      await expect(server).rejects.toMatchObject({ data: { kind: 'timeout' } });
    });
  });
}
