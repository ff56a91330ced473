/** A line that one host did not see met and another did: lost, changed by the router between them, or never for it. */
import { expect, test } from 'vitest';
import { explainMissing } from '../../lab/expectations/wire/mismatch.ts';
import { decode } from '../../lab/wire/decode.ts';
import { seenAt } from '../../lab/wire/lines/expect.ts';
import { compile } from '../../lab/wire/lines/match.ts';
import { readLine } from '../../lab/wire/lines/read.ts';
import type { Card, SeenFrame, Sighting } from '../../lab/wire/timeline.ts';
import { encodeFrame, type FrameFields } from '../wire/encode/frame.ts';
import { ACK, BEGAN, PSH, RST, SYN } from '../wire/line-frames.ts';

const card = (host: string, network: string, last: string, address: string): Card => {
  return { host, name: `to-${network}`, mac: `02:00:00:00:00:${last}`, network, addresses: [address] };
};
const ALICE = card('alice', 'home', '01', '10.1.0.21');
const BOB = card('bob', 'home', '02', '10.1.0.22');
const GW = card('gw', 'home', '03', '10.1.0.1');
const GW_FAR = card('gw', 'far', '04', '10.2.0.1');
const ECHO = card('echo', 'far', '05', '10.2.0.10');
const CARDS = [ALICE, BOB, GW, GW_FAR, ECHO];
const EVERYBODY = 'ff:ff:ff:ff:ff:ff';

/** What is put on a cable, and the cards that saw it: the first sent it. */
interface Sent {
  fields: FrameFields;
  by: Card[];
}

const tcp = (flags: number, sequence = 7) => ({ sourcePort: 40000, destinationPort: 9000, flags, sequence });
const address = ({ addresses }: Card) => addresses[0]!;

/** From one card to another of its network; in IP from and to whom it is. */
function on(sender: Card, receiver: Card, fields: FrameFields, by = [sender, receiver]): Sent {
  return { fields: { ethernet: { source: sender.mac, destination: receiver.mac }, ...fields }, by };
}

function toRouter(flags: number, payload = ''): Sent {
  const ipv4 = { source: address(ALICE), destination: address(ECHO), ttl: 64 };
  return on(ALICE, GW, { ipv4, tcp: tcp(flags), payload: Buffer.from(payload) });
}

function behindRouter(flags: number, source = ALICE, by?: Card[]): Sent {
  const ipv4 = { source: address(source), destination: address(ECHO), ttl: 63 };
  return on(GW_FAR, ECHO, { ipv4, tcp: tcp(flags) }, by);
}

function timeline(sent: readonly Sent[]): SeenFrame[] {
  return sent.map(({ fields, by }, index) => ({
    number: index + 1,
    frame: decode(encodeFrame(fields)),
    sightings: by.map(
      (one, place): Sighting => ({
        card: one,
        number: index + 1,
        seconds: BEGAN / 1000,
        nanoseconds: index * 1_000_000 + place,
        way: place === 0 ? 'out' : 'in',
      }),
    ),
  }));
}

function found(line: string, at: string, ...sent: Sent[]): string | undefined {
  const everywhere = timeline(sent);
  const scope = { cards: CARDS };
  const seen = { at, frames: seenAt(everywhere, at), everywhere, scope, began: BEGAN };
  return explainMissing(compile(readLine(line).line!, line, scope), undefined, new Set(), seen).found;
}

test('what a router changed has come, and is shown with what it changed', () => {
  const crossed = [toRouter(SYN), behindRouter(SYN)];
  const nearest = 'nearest: frame 2 `tcp alice:40000 > echo:9000 SYN`: ';
  expect(found('tcp alice > echo SYN ttl=64', 'echo', ...crossed)).toBe(`${nearest}ttl is 63, not 64`);
  expect(found('tcp alice > echo SYN from_mac=alice', 'echo', ...crossed)).toBe(
    `${nearest}the card it comes from is that of gw, not that of alice`,
  );
  expect(found('tcp alice > echo SYN ttl=63', 'alice', ...crossed)).toBe(
    'nearest: frame 1 `tcp alice:40000 > echo:9000 SYN`: ttl is 64, not 63',
  );
});

test('what a NAT changed has come, from the NAT', () => {
  expect(found('tcp alice > echo SYN', 'echo', toRouter(SYN), behindRouter(SYN, GW_FAR))).toBe(
    'nearest: frame 2 `tcp gw:40000 > echo:9000 SYN`: its sender is gw, not alice',
  );
});

test('what did not come through the router did not come, whatever else did', () => {
  const handshake = [toRouter(SYN), behindRouter(SYN)];
  expect(found('tcp alice > echo len=5', 'echo', ...handshake, toRouter(PSH | ACK, 'hello'))).toBe(
    'it left alice (frame 3 `tcp alice:40000 > echo:9000 PSH+ACK`) and did not reach echo',
  );
});

test('what was lost on its last cable is told from there', () => {
  expect(found('tcp alice > echo SYN', 'echo', toRouter(SYN), behindRouter(SYN, ALICE, [GW_FAR]))).toBe(
    'it left gw (frame 2 `tcp alice:40000 > echo:9000 SYN`) and did not reach echo',
  );
});

test('what was sent to another card is no loss', () => {
  const ipv4 = { source: address(ALICE), destination: address(BOB) };
  const near = on(ALICE, BOB, { ipv4, tcp: tcp(SYN) });
  expect(found('tcp alice > bob SYN', 'echo', near)).toBe(
    "it left alice (frame 1 `tcp alice:40000 > bob:9000 SYN`), sent to bob's card: echo is not on its way",
  );
  expect(found('tcp alice > echo SYN', 'bob', toRouter(SYN))).toBe(
    "it left alice (frame 1 `tcp alice:40000 > echo:9000 SYN`), sent to gw's card, and was not seen at bob",
  );
});

test('a question to all goes to all of its network, and to no other', () => {
  const arp = {
    operation: 1,
    senderMac: ALICE.mac,
    senderAddress: address(ALICE),
    targetAddress: address(BOB),
  };
  const fields = { ethernet: { source: ALICE.mac, destination: EVERYBODY }, arp };
  const asked = { fields, by: [ALICE, BOB] };
  const shown = 'it left alice (frame 1 `arp alice > broadcast who-has bob`)';
  expect(found('arp alice > * who-has bob', 'gw', asked)).toBe(`${shown} and did not reach gw`);
  expect(found('arp alice > * who-has bob', 'echo', asked)).toBe(
    `${shown} on home, and echo has no card there`,
  );
});

test('the nearest frame is the one with most of the flags', () => {
  const sent = [toRouter(SYN), toRouter(ACK), toRouter(PSH | ACK, 'hello'), toRouter(RST | ACK)];
  expect(found('tcp alice > echo FIN+PSH+ACK', 'alice', ...sent)).toMatch(/^nearest: frame 3 /);
});
