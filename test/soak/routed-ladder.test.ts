/** What `lanlab ladder` makes of real captures of a routed lab: files of lanlab's, and of tcpdump's kind, without a name. */
import { beforeAll, describe, expect, test } from 'vitest';
import { capturedFile } from '../../lab/captures/file.ts';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import type { Check } from '../../lab/outcomes/check.ts';
import { laddersOf } from '../../lab/reports/html/captured.ts';
import type { RunResult } from '../../lab/reports/result.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { captureReader } from '../../lab/wire/files/capture-file.ts';
import { ladderOfCapture } from '../../lab/wire/ladder/file.ts';
import type { Arrow, Ladder } from '../../lab/wire/ladder/ladder.ts';
import type { LineResult } from '../../lab/wire/ladder/line-result.ts';
import { describeNeeding } from '../needs.ts';
import { pcapWriter } from '../wire/encode/pcap.ts';

/** Each side sends its FIN, and the step is over when the last word of it has come. */
const talk = (from: string, server: string, to: string) => `
  - at: ${from}
    tcp: { to: "${to}:9000" }
    do: [{ send: hello }, { receive: HELLO }, { shutdown: write }, { receive: { end: true } }]
    expect:
      wire: { at: ${server}, in_order: ["tcp * > ${server} FIN+ACK", "tcp ${server} > * FIN+ACK", "tcp * > ${server} ACK"] }`;

const routed = (home: string, far: string, [echo, alice, near, out]: readonly string[]) => `
lab: routed
networks: { home: "${home}", far: "${far}" }
hosts:
  echo:  { service: tcp-echo, networks: { far: "${echo}" } }
  gw:    { forward: true, networks: { home: "${near}", far: "${out}" } }
  alice: { networks: { home: "${alice}" } }
steps: ${talk('alice', 'echo', 'echo')}
  - { at: alice, ping: { to: echo } }
`;

const V4 = ['10.98.2.10', '10.98.1.21', '10.98.1.1', '10.98.2.1'] as const;
const V6 = ['fd98:2::10', 'fd98:1::21', 'fd98:1::1', 'fd98:2::1'] as const;
const ROUTED = routed('10.98.1.0/24', '10.98.2.0/24', V4);
const ROUTED_V6 = routed('fd98:1::/64', 'fd98:2::/64', V6);

/** The router is an end itself, by the address of its other card. */
const FAR_CARD = `
lab: far-card
networks: { home: 10.98.3.0/24, far: 10.98.4.0/24 }
hosts:
  gw:    { service: tcp-echo, forward: true, networks: { home: 10.98.3.1, far: 10.98.4.1 } }
  alice: { networks: { home: 10.98.3.21 } }
steps: ${talk('alice', 'gw', 'gw.far')}
`;

const NAT = `
lab: nat
networks: { home: 10.98.5.0/24, out: 10.98.6.0/24 }
hosts:
  server: { service: tcp-echo, networks: { out: 10.98.6.10 } }
  gw:     { forward: true, networks: { home: 10.98.5.1, out: 10.98.6.1 }, nat: { outside: out, ports: { "9000": "web:9000" } } }
  web:    { service: tcp-echo, networks: { home: 10.98.5.10 } }
  alice:  { networks: { home: 10.98.5.21 } }
steps: ${talk('alice', 'server', 'server')}${talk('server', 'web', 'gw')}
`;

const CLIENT = ['SYN-SENT', 'ESTABLISHED', 'FIN-WAIT-1', 'TIME-WAIT'];
const SERVER = ['SYN-RECEIVED', 'ESTABLISHED', 'CLOSE-WAIT', 'LAST-ACK', 'CLOSED'];

async function runOf(scenario: string): Promise<RunResult> {
  const { signal } = new AbortController();
  const run = await runScenario(loadScenario(scenario, 'routed.yaml', vocabulary), {
    ...{ engine: netnsEngine(), signal, capture: true },
  });
  if (run.failed > 0) throw new Error(JSON.stringify(run.steps));
  return run;
}

/** As `lanlab ladder` reads it. */
function read(bytes: Uint8Array): Ladder {
  const reader = captureReader();
  const frames = reader.push(bytes);
  reader.end();
  return ladderOfCapture({ frames, cards: reader.cards, names: reader.names }, 500).ladder;
}

type Keep = { host: string; card?: string; without?: 'arp' };

/** Of the run's capture only what one host had taken. */
function part({ captured }: RunResult, { host, card, without }: Keep): NonNullable<RunResult['captured']> {
  const { cards, frames, losses } = captured!;
  const kept = cards.filter((one) => one.host === host && (card === undefined || one.name === card));
  const isArp = (bytes: Uint8Array) => bytes[12] === 8 && bytes[13] === 6;
  return {
    cards: kept,
    frames: frames.flatMap((frame) => {
      const at = kept.indexOf(cards[frame.card]!);
      return at < 0 || (without && isArp(frame.bytes)) ? [] : [{ ...frame, card: at }];
    }),
    losses,
  };
}

/** As `lanlab capture HOST -w` writes it. */
const ours = (run: RunResult, keep: Keep) => read(capturedFile(part(run, keep), run.hosts));

/** As `tcpdump -i CARD -w` does. */
function tcpdumps(run: RunResult, keep: Keep): Ladder {
  const writer = pcapWriter();
  return read(Buffer.concat([writer.head, writer.frames(part(run, keep).frames)]));
}

const arrowsOf = ({ rows }: Ladder): Arrow[] =>
  rows.flatMap((row) => (row.kind === 'arrow' ? [row] : row.kind === 'fold' ? row.rows : []));

/** The states that each lane comes to, in their order. */
function statesOf(...ladders: Ladder[]): Record<string, string[]> {
  const states: Record<string, string[]> = {};
  for (const ladder of ladders) {
    for (const row of arrowsOf(ladder)) {
      for (const { lane, state } of row.states) {
        const { name } = ladder.lanes[lane]!;
        // Whether a FIN is acknowledged by itself or with the other's is a matter of moments.
        if (state === 'FIN-WAIT-2') continue;
        states[name] = [...(states[name] ?? []), state];
      }
    }
  }
  return states;
}

const lanesOf = ({ lanes }: Ladder) => lanes.map(({ name }) => name);
const labelled = (ladder: Ladder, label: RegExp) => arrowsOf(ladder).filter((row) => label.test(row.label));

const { lacking } = await netnsEngine().probe();

describeNeeding('netns', lacking && `${lacking.why}; ${lacking.hint}`, 'a ladder of a routed lab', () => {
  describe.each([
    ['IPv4', ROUTED, V4],
    ['IPv6', ROUTED_V6, V6],
  ])('over %s', (_, scenario, [echo, alice, near, out]) => {
    let run: RunResult;
    beforeAll(async () => {
      run = await runOf(scenario);
    }, 60_000);

    test('gives the states to the two ends, and the router none', () => {
      const ladder = read(capturedFile(run.captured!, run.hosts));
      expect(lanesOf(ladder)).toEqual(['alice', 'gw', 'echo']);
      expect(statesOf(ladder)).toEqual({ alice: CLIENT, echo: SERVER });
    });

    test('of the client alone has the server, behind the router', () => {
      const ladder = ours(run, { host: 'alice' });
      expect(lanesOf(ladder)).toEqual(['alice', 'gw', 'echo']);
      expect(statesOf(ladder)).toEqual({ alice: CLIENT, echo: SERVER });
      const [syn] = labelled(ladder, /^SYN to/);
      expect(syn).toMatchObject({ from: 0, to: [1], fate: 'unseen', beyond: ['for echo'] });
      const [answer] = labelled(ladder, /echo-reply/);
      expect(answer).toMatchObject({ from: 1, to: [0], beyond: ['from echo'] });
    });

    test('of the router alone gives a state at the frame that comes to its end, not at the one before', () => {
      const ladder = ours(run, { host: 'gw' });
      expect(statesOf(ladder)).toEqual({ alice: CLIENT, echo: SERVER });
      const [alice, echo] = [lanesOf(ladder).indexOf('alice'), lanesOf(ladder).indexOf('echo')];
      expect(labelled(ladder, /^SYN to/).map(({ states }) => states)).toEqual([
        [{ lane: alice, state: 'SYN-SENT' }],
        [{ lane: echo, state: 'SYN-RECEIVED' }],
      ]);
    });

    test.each([
      ['at the client', { host: 'alice' }, [alice, near, echo]],
      ['at the router, inside', { host: 'gw', card: 'eth0' }, [alice, near, echo]],
      ['at the router, outside', { host: 'gw', card: 'eth1' }, [alice, out, echo]],
      ['at the server', { host: 'echo' }, [alice, out, echo]],
    ])('of tcpdump’s %s tells the router from those behind it', (_, keep, lanes) => {
      const ladder = tcpdumps(run, keep);
      expect(lanesOf(ladder)).toEqual(lanes);
      expect(statesOf(ladder)).toEqual({ [alice]: CLIENT, [echo]: SERVER });
    });
  });

  test('without a word of ARP the router goes by its MAC address, or by the name in the file', async () => {
    const run = await runOf(ROUTED);
    const { mac } = run.hosts.find(({ name }) => name === 'gw')!.interfaces[0]!;
    const bare = tcpdumps(run, { host: 'alice', without: 'arp' });
    expect(lanesOf(bare)).toEqual([V4[1], mac, V4[0]]);
    expect(statesOf(bare)).toEqual({ [V4[1]]: CLIENT, [V4[0]]: SERVER });
    const named = ours(run, { host: 'alice', without: 'arp' });
    expect(lanesOf(named)).toEqual(['alice', 'gw', 'echo']);
    expect(statesOf(named)).toEqual({ alice: CLIENT, echo: SERVER });
  }, 60_000);

  test('gives a router states where it is an end itself, by whichever card', async () => {
    const run = await runOf(FAR_CARD);
    const states = { alice: CLIENT, gw: SERVER };
    expect(statesOf(read(capturedFile(run.captured!, run.hosts)))).toEqual(states);
    expect(statesOf(ours(run, { host: 'gw' }))).toEqual(states);
    expect(statesOf(...laddersOf(run).values())).toEqual(states);
  }, 60_000);

  test('of a NAT alone gives an end its states once, at the frames on its own side', async () => {
    const run = await runOf(NAT);
    const ladder = ours(run, { host: 'gw' });
    expect(statesOf(ladder)).toEqual(statesOf(read(capturedFile(run.captured!, run.hosts))));
    expect(statesOf(ladder)).toEqual({ alice: CLIENT, web: SERVER, server: [...SERVER, ...CLIENT] });
  }, 60_000);

  test('has a missing frame of a host on its own link, as those are that came', async () => {
    const run = await runOf(ROUTED);
    const missing: LineResult = { at: 'alice', line: 'tcp echo > alice RST', status: 'missing' };
    const facts = { kind: 'wire', at: 'alice', came: 'nothing', held: false } as const;
    const check: Check = { ...facts, what: 'a RST', frames: [missing] };
    const [step, ...steps] = run.steps;
    const [ladder] = laddersOf({ ...run, steps: [{ ...step!, checks: [check] }, ...steps] }).values();
    const laneOf = (host: string) => ladder!.lanes.findIndex(({ name }) => name === host);
    expect(ladder!.rows.at(-1)).toMatchObject({ from: laneOf('gw'), to: [laneOf('alice')] });
  }, 60_000);

  test.each([
    ['routed', ROUTED],
    ['behind NAT', NAT],
  ])(
    'of a file is that of the run’s own report: %s',
    async (_, scenario) => {
      const run = await runOf(scenario);
      const file = read(capturedFile(run.captured!, run.hosts));
      expect(statesOf(file)).toEqual(statesOf(...laddersOf(run).values()));
      expect(arrowsOf(file).every(({ beyond }) => beyond.length === 0)).toBe(true);
    },
    60_000,
  );
});
