/** Words whose meaning shows on the wire or in what a program prints, done on real hosts: every step of the lab must hold. */
import { describe, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import { describeNeeding } from '../needs.ts';
import { everyStepHolds } from './every-step.ts';

const PRINTING = `require('dgram').createSocket('udp4').on('message', (bytes) => { console.log('got ' + bytes); console.error('no more'); }).bind(7777, () => console.log('waiting'))`;

/** Without the early probe for a lost segment (RFC 8985) only an acknowledgement lets bytes go that Nagle's algorithm holds. */
const LAB = `
lab: words
networks:
  lan: [10.NET.1.0/24, "fd00:NET:1::/64"]
  narrow: { subnet: [10.NET.2.0/24, "fd00:NET:2::/64"], mtu: 1400 }
hosts:
  gw: { forward: true, networks: [lan, narrow] }
  echo: { service: tcp-echo, networks: { lan: [10.NET.1.10, "fd00:NET:1::10"] } }
  alice: { networks: [lan], sysctls: { net.ipv4.tcp_early_retrans: 0 } }
  bob: { networks: [lan] }
  olde: { networks: [lan], sysctls: { net.ipv4.conf.all.force_igmp_version: 2 } }
  far: { networks: [narrow] }
  peer:
    networks: [lan]
    command: [node, -e, ${JSON.stringify(PRINTING)}]
    ready: { log: waiting }
capture: all
steps:
  - { name: a ping as large as the way, at: alice, ping: { to: far, family: ipv4, size: 1372, df: true } }
  - name: a ping larger than the way
    at: alice
    ping: { to: far, family: ipv4, size: 1373, df: true }
    expect: { fails: too-large, fields: { sent: 1, mtu: 1400 }, wire: ["icmp gw > alice fragmentation-needed"] }
  - name: a ping larger than the kernel knows the way to be
    at: alice
    ping: { to: far, family: ipv4, size: 1373, df: true }
    expect: { fails: too-large, fields: { sent: 0, mtu: 1400 }, wire: { at: alice, never: ["icmp alice > far"] } }
  - name: a ping that routers may cut
    at: bob
    ping: { to: far, family: ipv4, size: 1473, df: false }
    expect: { wire: { at: bob, in_order: ["icmp bob > far echo-request fragment df=no"] } }
  - name: a ping by IPv6 larger than the way
    at: bob
    ping: { to: far, family: ipv6, size: 1353, df: true }
    expect: { fails: too-large, fields: { sent: 1, mtu: 1400 }, wire: ["icmpv6 gw > bob too-big"] }
  - name: a ping by IPv6 that its sender cuts
    at: bob
    ping: { to: far, family: ipv6, size: 1353 }

  - { at: alice, tcp: { to: "echo:9000", nodelay: false, as: slow } }
  - { at: alice, tcp: { to: "echo:9000", as: quick } }
  - { at: alice, tcp: { to: "echo:9000", keepalive: { idle: 1s, interval: 1s, count: 2 }, as: watched } }
  - { fault: { cut: [alice, echo], as: gap } }
  - name: each send is a segment
    at: alice
    tcp: { use: quick }
    do: [{ send: a }, { send: b }]
    expect: { wire: ["tcp alice > echo text=a retransmission=no", "tcp alice > echo text=b retransmission=no"] }
  - name: what Nagle's algorithm holds back
    at: alice
    tcp: { use: slow }
    do: [{ send: a }, { send: b }]
    expect: { wire: { in_order: ["tcp alice > echo text=a", "tcp alice > echo text=a retransmission"], never: ["tcp alice > echo seq=+2"] } }
  - name: keepalive
    at: alice
    tcp: { use: watched }
    do: [{ receive: never }]
    expect: { fails: timeout, within: 20s, wire: { count: { "tcp alice > echo ACK seq=+0 len=0 retransmission=no": 2, "tcp alice > echo RST+ACK": 1 } } }
  - { heal: gap }
  - { at: alice, tcp: { use: slow }, do: [{ receive: AB }] }
  - { fault: { drop: { nth: 3, of: "tcp bob > echo" }, as: hole } }
  - name: a segment that is lost, and sent again
    at: bob
    tcp: { to: "echo:9000", send: hello }
    expect:
      receive: HELLO
      wire:
        - { at: bob, count: { "tcp bob > echo retransmission": 1, "tcp bob > echo text=hello retransmission=no": 1 } }
        - { at: echo, in_order: ["tcp bob > echo text=hello retransmission"] }
  - { heal: hole }

  - { at: bob, listen: { tcp: 9300, reuse: true, as: door } }
  - { at: bob, listen: { tcp: 9300, reuse: true, as: hatch } }
  - { name: a third listener, at: bob, listen: { tcp: 9300 }, expect: { fails: in-use } }
  - { at: alice, tcp: { to: "bob:9300" }, expect: { seen: bob } }
  - name: a group joined by IGMPv3
    at: bob
    listen: { udp: 9200, join: 239.9.9.9, reuse: true, as: one }
    expect: { wire: { at: bob, in_order: ["igmp bob > 224.0.0.22 join 239.9.9.9"], never: ["igmp bob > * join 239.9.9.8"] } }
  - { at: bob, listen: { udp: 9200, join: 239.9.9.9, reuse: true, as: two } }
  - { at: alice, udp: { to: "239.9.9.9:9200", send: all } }
  - { at: bob, udp: { use: one }, do: [{ receive: all }] }
  - { name: a group that another socket still hears, at: bob, udp: { use: two }, do: [{ receive: all }, { close: true }], expect: { wire: { at: bob, never: ["igmp bob > * leave 239.9.9.9"] } } }
  - { name: a group left by IGMPv3, at: bob, udp: { use: one }, do: [{ close: true }], expect: { wire: { at: bob, in_order: ["igmp bob > multicast leave 239.9.9.9 checksum=right"] } } }
  - { name: a group joined by IGMPv2, at: olde, listen: { udp: 9200, join: 239.9.9.9, as: radio }, expect: { wire: { at: olde, in_order: ["igmp olde > 239.9.9.9 join 239.9.9.9 ttl=1"] } } }
  - { name: a group left by IGMPv2, at: olde, udp: { use: radio }, do: [{ close: true }], expect: { wire: { at: olde, in_order: ["igmp olde > 224.0.0.2 leave 239.9.9.9"] } } }
  - name: a class of service in both families
    at: alice
    exec: ping -c 1 -Q 0xb8 10.NET.1.10 && ping -c 1 -Q 0x28 fd00:NET:1::10
    expect: { wire: { at: alice, in_order: ["icmp alice > echo echo-request dscp=46", "icmpv6 alice > echo echo-request dscp=10"], never: ["icmp alice > echo dscp<46"] } }

  - name: an event that a server prints
    at: alice
    tcp: { to: "echo:9000", send: hello }
    expect: { says: { by: echo, matches: '"event":"receive".*"text":"hello"', count: 1 } }
  - name: lines that a command prints
    at: alice
    udp: { to: "peer:7777", send: "42" }
    expect: { says: [{ by: peer, text: waiting, since: start }, { by: peer, text: got 42 }, { by: peer, matches: no more }] }
  - { name: a fault, fault: { kill: peer }, expect: { says: { by: peer, text: got 42, since: start, count: 1 } } }
`;

/** Networks are 10.NET.1.0/24 and 10.NET.2.0/24, and the same of fd00:NET::/32. */
export async function wordsContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `words on ${engine.name}`, () => {
    describe('that show on the wire, or in what a program prints', () => {
      test('hold, every step', async () => {
        await everyStepHolds(LAB.replaceAll('NET', `${net}`), 'words.yaml', engine);
      }, 120_000);
    });
  });
}
