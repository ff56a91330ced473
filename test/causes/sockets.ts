/** For the contract of causes: sockets at both ends that are not there, or are bound elsewhere. */
import type { Failing } from './contract.ts';

/** What the sockets at both ends have to do with it. */
export const SOCKETS: Failing = {
  title: 'sockets',
  yaml: `
lab: sockets
networks: { office: 10.91.NET.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.91.NET.10 } }
  bounce: { service: udp-echo, networks: { office: 10.91.NET.11 } }
  shy:
    command: [node, -e, "require('net').createServer().listen(9000, '127.0.0.1', () => console.log('up'))"]
    ready: { log: up }
    networks: { office: 10.91.NET.12 }
  # With time stamps the kernel lets a new connection take the place of one in TIME_WAIT (RFC 6191).
  alice: { networks: { office: 10.91.NET.21 }, sysctls: { net.ipv4.tcp_timestamps: "0" } }
steps:
  - { name: no listener, at: alice, tcp: { to: "echo:9999" } }
  - { name: another failure than expected, at: alice, tcp: { to: "echo:9999", give_up: 400ms }, expect: { fails: timeout } }
  - { name: bound to loopback, at: alice, tcp: { to: "shy:9000" } }
  - { name: no port of the same number but on loopback, at: alice, tcp: { to: "shy:9001" } }
  - { name: tcp where udp is, at: alice, tcp: { to: "bounce:9000" } }
  - { name: udp where tcp is, at: alice, udp: { to: "echo:9000", send: a, connect: true }, expect: { receive: A } }
  - { name: udp to nobody, at: alice, udp: { to: "bounce:9999", send: a, connect: true }, expect: { receive: A } }
  - { name: udp to nobody that is not told, at: alice, udp: { to: "bounce:9999", send: a }, expect: { receive: A, within: 300ms } }
  - { name: a group that nobody joined, at: alice, udp: { to: "239.9.9.9:9999", send: a }, expect: { receive: A, within: 300ms } }
  - { at: bounce, listen: { udp: 9998, join: 239.9.9.9, as: group } }
  - { name: a group that somebody joined on another port, at: alice, udp: { to: "239.9.9.9:9999", send: a }, expect: { receive: A, within: 300ms } }
  - { name: a group that somebody hears and does not answer, at: alice, udp: { to: "239.9.9.9:9998", send: a }, expect: { receive: A, within: 300ms } }
  - { name: a broadcast that nobody hears, at: alice, udp: { to: "broadcast:9999", send: a }, expect: { receive: A, within: 300ms } }
  - { name: a broadcast that somebody hears and does not answer, at: alice, udp: { to: "broadcast:9998", send: a }, expect: { receive: A, within: 300ms } }
  - { at: alice, listen: { tcp: 9100, as: door } }
  - { name: a port that a listener has, at: alice, listen: { tcp: 9100 } }
  - { name: a port that the program has, at: echo, listen: { tcp: 9000 } }
  - { name: a port that a socket has, at: bounce, listen: { udp: 9998 } }
  - { at: alice, tcp: { to: "echo:9000", from: 40000 } }
  - { at: alice, exec: "until ss -Htan state time-wait | grep -q :40000; do sleep 0.01; done" }
  - { name: a port in TIME_WAIT, at: alice, tcp: { to: "echo:9000", from: 40000 } }
  - { name: an address of nobody here, at: alice, tcp: { to: "echo:9000", from: "10.91.NET.77:40001" } }
  - { name: too much for a datagram, at: alice, udp: { to: "bounce:9000", send: { repeat: x, times: 70000 } } }
`,
  says: {
    'no listener': /^RST from echo: nothing listens on 9999 \(it listens on 7, 9000\)$/,
    'another failure than expected': /^RST from echo: nothing listens on 9999 \(it listens on 7, 9000\)$/,
    'bound to loopback': /^RST from shy: shy's server is bound to 127\.0\.0\.1:9000 only$/,
    'no port of the same number but on loopback':
      /^RST from shy: nothing listens on 9001 \(it listens on 127\.0\.0\.1:9000\)$/,
    'tcp where udp is': /^RST from bounce: bounce is bound to udp 9000, not tcp$/,
    'udp where tcp is': /^port unreachable from echo: echo listens on tcp 9000, not udp$/,
    'udp to nobody': /^port unreachable from bounce: nothing is bound to udp 9999 \(udp: 7, 9000\)$/,
    'udp to nobody that is not told':
      /^nothing on bounce is bound to udp 9999 \(udp: 7, 9000\); no datagram in 300 ms$/,
    'a group that nobody joined': /^nobody on office has joined 239\.9\.9\.9; /,
    'a group that somebody joined on another port':
      /^bounce joined 239\.9\.9\.9, but nobody on office is bound to udp 9999 for it; /,
    'a group that somebody hears and does not answer': undefined,
    'a broadcast that nobody hears': /^nobody on office is bound to udp 9999 for it; /,
    'a broadcast that somebody hears and does not answer': undefined,
    'a port that a listener has': /^alice's 9100\/tcp is held by the listener `door`$/,
    'a port that the program has': /^echo's 9000\/tcp is held by echo's program( \(process \d+\))?$/,
    'a port that a socket has': /^bounce's 9998\/udp is held by the UDP socket `group`$/,
    'a port in TIME_WAIT':
      /^alice's 40000\/tcp is held by a connection in TIME_WAIT \(with 10\.91\.1\.10:9000\)$/,
    'an address of nobody here':
      /^10\.91\.1\.77 is not an address of alice \(it has 10\.91\.1\.21, 127\.0\.0\.1\)|^10\.91\.1\.77 is not an address of alice \(it has 10\.91\.1\.21\)$/,
    'too much for a datagram': /^a datagram carries at most 65,507 bytes, and this is 70,000$/,
  },
};
