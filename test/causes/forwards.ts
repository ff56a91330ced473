/** For the contract of causes: forwarded ports, behind one NAT and behind two. */
import type { Failing } from './contract.ts';

/** Ports of a router that its NAT leads inside, and of one whose NAT leads to that router's. */
export const FORWARDS: Failing = {
  title: 'forwards',
  yaml: `
lab: forwards
networks: { home: 10.91.NET.0/24, provider: 10.91.NET2.0/24, internet: 10.92.NET.0/24 }
hosts:
  box:
    forward: true
    networks: { home: 10.91.NET.1, provider: 10.91.NET2.2 }
    nat: { outside: provider, answers: true, ports: { tcp: { "80": "web:81", "81": "web:9000", "82": "web:7" }, udp: { "80": "web:9000" } } }
    deny: ["tcp cli > web:7"]
  cgn:
    forward: true
    networks: { provider: 10.91.NET2.1, internet: 10.92.NET.1 }
    nat: { outside: internet, ports: { "80": "box:80", "81": "box:81", "83": "box:83" } }
  web: { service: tcp-echo, networks: { home: 10.91.NET.10 } }
  alice: { networks: { home: 10.91.NET.21 } }
  cli: { networks: { provider: 10.91.NET2.20 } }
  far: { networks: { internet: 10.92.NET.20 } }
steps:
  - { at: cli, tcp: { to: "box:81", send: a }, expect: { receive: A } }
  - { at: far, tcp: { to: "cgn:81", send: a }, expect: { receive: A } }
  - { name: a port that nothing listens on behind, at: cli, tcp: { to: "box:80" } }
  - { name: a port of the router itself, at: cli, tcp: { to: "box:99" } }
  - { name: a datagram that is not told, at: cli, udp: { to: "box:80", send: a }, expect: { receive: A, within: 300ms } }
  - { name: a datagram that is told, at: cli, udp: { to: "box:80", send: a, connect: true }, expect: { receive: A } }
  - { name: behind two, at: far, tcp: { to: "cgn:80" } }
  - { name: the second forwards no more, at: far, tcp: { to: "cgn:83" } }
  - { name: from inside and back inside, at: alice, tcp: { to: "box.provider:80" } }
  - { name: from the router itself, at: box, tcp: { to: "10.91.NET2.2:80" } }
  - { name: a rule of the router, at: cli, tcp: { to: "box:82", give_up: 400ms } }
  - { fault: { pause: web, as: nap } }
  - { name: a program that is paused behind, at: far, tcp: { to: "cgn:81", send: a }, expect: { receive: A, within: 300ms } }
  - { heal: nap }
  - { fault: { cut: [box, web], as: gap } }
  - { name: a cut behind, at: far, tcp: { to: "cgn:81", give_up: 400ms } }
  - { heal: gap }
  - { fault: { kill: web } }
  - { name: a program that was killed behind, at: cli, tcp: { to: "box:81" } }
  - { fault: { unplug: web } }
  - { name: a cable that is out behind, at: cli, tcp: { to: "box:81", give_up: 400ms } }
  - { fault: { unplug: cli } }
  - { name: a cable that is out before, at: cli, tcp: { to: "box:81", give_up: 400ms } }
`,
  says: {
    'a port that nothing listens on behind':
      /^box:80 leads to web:81; RST from web: nothing listens on 81 \(it listens on 7, 9000\)$/,
    'a port of the router itself': /^RST from box: nothing listens on 99 \(it listens on no tcp port\)$/,
    'a datagram that is not told':
      /^box:80 leads to web:9000; web listens on tcp 9000, not udp; no datagram in 300 ms$/,
    'a datagram that is told':
      /^box:80 leads to web:9000; port unreachable from web: web listens on tcp 9000, not udp$/,
    'behind two':
      /^cgn:80 leads to box:80 and on to web:81; RST from web: nothing listens on 81 \(it listens on 7, 9000\)$/,
    'the second forwards no more': /^cgn:83 leads to box:83; RST from box: nothing listens on 83 /,
    'from inside and back inside': /^box:80 leads to web:81; RST from web: nothing listens on 81 /,
    'from the router itself': /^RST from box: nothing listens on 80 /,
    'a rule of the router': /^box:82 leads to web:7; dropped by a rule on box: deny tcp cli > web:7$/,
    'a program that is paused behind':
      /^cgn:81 leads to box:81 and on to web:9000; web's program is paused \(SIGSTOP\) by step 12: /,
    'a cut behind': /^cgn:81 leads to box:81 and on to web:9000; box and web are cut by step 15$/,
    'a program that was killed behind':
      /^box:81 leads to web:9000; RST from web: nothing listens on 9000; its program was killed by step 18$/,
    'a cable that is out behind':
      /^box:81 leads to web:9000; the cable of web \(eth0, home\) is unplugged by step 20$/,
    'a cable that is out before': /^the cable of cli \(eth0, provider\) is unplugged by step 22$/,
  },
};
