/** For the contract of causes: frames captured behind a router and behind a NAT. */
import type { Failing } from './contract.ts';

/** Captured everywhere, behind a router and behind a NAT: what went on through them is not lost. */
export const ROUTED: Failing = {
  title: 'routed',
  capture: true,
  yaml: `
lab: routed
networks: { home: 10.91.NET.0/24, far: 10.91.NET2.0/24 }
hosts:
  gw: { networks: { home: 10.91.NET.1, far: 10.91.NET2.1 }, forward: true }
  nat: { networks: { home: 10.91.NET.2, far: 10.91.NET2.2 }, forward: true, nat: { outside: far } }
  echo: { service: tcp-echo, networks: { far: 10.91.NET2.10 }, gateway: gw }
  bounce: { service: udp-echo, networks: { far: 10.91.NET2.11 }, gateway: gw }
  mute: { command: [socat, "-u", "TCP-LISTEN:9000,fork,reuseaddr", /dev/null], ready: { tcp: 9000 }, networks: { far: 10.91.NET2.12 }, gateway: gw }
  near: { service: tcp-echo, networks: { home: 10.91.NET.10 }, gateway: none }
  alice: { networks: { home: 10.91.NET.21 }, gateway: gw }
  bob: { networks: { home: 10.91.NET.22 }, gateway: nat }
steps:
  - { name: an answer that is too short, at: alice, tcp: { to: "near:9000", send: hello }, expect: { receive: HELLO!, within: 300ms } }
  - { name: the same behind a router, at: alice, tcp: { to: "echo:9000", send: hello }, expect: { receive: HELLO!, within: 300ms } }
  - { name: the same behind a NAT, at: bob, tcp: { to: "echo:9000", send: hello }, expect: { receive: HELLO!, within: 300ms } }
  - { name: a third host that saw nothing, at: alice, tcp: { to: "near:9000", send: hello }, expect: { receive: HELLO, seen: bob, within: 300ms } }
  - { name: a third host behind a router, at: alice, tcp: { to: "echo:9000" }, expect: { seen: gw, within: 300ms } }
  - { name: data that only the kernel answers, at: alice, tcp: { to: "mute:9000", send: hello }, expect: { receive: HELLO, within: 300ms } }
  - { name: a socket that is not there after an expected failure, at: alice, tcp: { to: "near:9999" }, expect: { fails: refused, sockets: ["tcp alice > near ESTABLISHED"], within: 300ms } }
  - { fault: { cut: [gw, echo], as: gap } }
  - { name: a SYN that was lost behind the router, at: alice, tcp: { to: "echo:9000", give_up: 400ms } }
  - { heal: gap }
  - { at: alice, udp: { to: "bounce:9000", send: a }, expect: { receive: A } }
  - { fault: { cut: { from: bounce, to: gw }, as: deaf } }
  - { name: an answer that was lost before the router, at: alice, udp: { to: "bounce:9000", send: a }, expect: { receive: A, within: 300ms } }
`,
  says: {
    'an answer that is too short':
      /^the first 5 of 6 bytes are right, the rest is missing; no more in 300 ms$/,
    'the same behind a router': /^the first 5 of 6 bytes are right, the rest is missing; no more in 300 ms$/,
    'the same behind a NAT': /^the first 5 of 6 bytes are right, the rest is missing; no more in 300 ms$/,
    'a third host that saw nothing': undefined,
    'a third host behind a router': undefined,
    'data that only the kernel answers':
      /^segment reached mute \(frame \d+\), and nothing but an ACK came back \(frame \d+\); /,
    'a socket that is not there after an expected failure': undefined,
    'a SYN that was lost behind the router': /^SYN left gw \(frame \d+\), never reached echo: cut by step 8$/,
    'an answer that was lost before the router':
      /^datagram left bounce \(frame \d+\), never reached gw: cut by step 12; no datagram in 300 ms$/,
  },
};
