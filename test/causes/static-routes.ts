/** For the contract of causes: static routes that lead astray, a card that is too narrow, and others that only look so. */
import type { Failing } from './contract.ts';

/** `one` and `two` both lead to the store, and hand some packets to each other. */
export const STATIC_ROUTES: Failing = {
  title: 'static routes',
  yaml: `
lab: static-routes
networks: { office: [10.91.NET.0/24, "fd00:91:NET::/64"], store: [10.91.NET2.0/24, "fd00:91:NET2::/64"] }
hosts:
  one: { forward: true, networks: { office: [10.91.NET.1, "fd00:91:NET::1"], store: 10.91.NET2.1 }, routes: { 10.70.0.0/16: two } }
  two: { forward: true, networks: { office: [10.91.NET.2, "fd00:91:NET::2"], store: 10.91.NET2.2 }, routes: { 10.70.0.0/17: one, 10.70.1.0/24: 10.91.NET.99, 10.91.NET2.40/32: 10.91.NET2.1 } }
  shelf: { service: tcp-echo, networks: { store: [10.91.NET2.40, "fd00:91:NET2::40"] }, gateway: one }
  lone: { service: tcp-echo, networks: { store: [10.91.NET2.41, "fd00:91:NET2::41"] }, gateway: none, routes: { 10.91.NET.128/25: one } }
  alice: { networks: { office: [10.91.NET.21, "fd00:91:NET::21"] }, gateway: none, routes: { 10.70.0.0/16: one, 10.91.NET2.0/24: two, "fd00:91:NET2::/64": "fd00:91:NET::2" } }
  bob: { networks: { office: 10.91.NET.200 }, gateway: one }
  bounce: { service: udp-echo, networks: { office: { address: 10.91.NET.30, mtu: 1400 } }, gateway: one }
  far: { networks: { store: 10.91.NET2.50 }, gateway: one }
steps:
  - { at: alice, tcp: { to: "shelf:9000", send: a }, expect: { receive: A } }
  - { at: alice, tcp: { to: "shelf:9000", family: ipv6, send: a }, expect: { receive: A } }
  - { at: bob, tcp: { to: "lone:9000", send: a }, expect: { receive: A } }
  - { name: a circle of two routers, at: alice, tcp: { to: "10.70.2.1:9000", give_up: 400ms } }
  - { name: a router that goes round no further, at: alice, tcp: { to: "10.70.200.1:9000", give_up: 400ms } }
  - { name: a next hop that is nobody, at: alice, tcp: { to: "10.70.1.1:9000", give_up: 400ms } }
  - { name: no way back but to others, at: alice, tcp: { to: "lone:9000", give_up: 400ms } }
  - { name: to where no route leads, at: alice, tcp: { to: "10.71.0.1:9000", give_up: 400ms } }
  - { name: a detour by two routers is no circle, at: alice, tcp: { to: "shelf:7777" } }
  - { name: a datagram that is too large for a card, at: alice, udp: { to: "bounce:9000", send: { repeat: a, times: 1400 } }, expect: { receive: { repeat: A, times: 1400 }, within: 300ms } }
  - { name: a ping that is too large for a card, at: alice, ping: { to: bounce, size: 1400, df: true, give_up: 300ms } }
  - { name: the same behind a router, at: far, udp: { to: "bounce:9000", send: { repeat: a, times: 1400 } }, expect: { receive: { repeat: A, times: 1400 }, within: 300ms } }
  - { at: alice, udp: { to: "bounce:9000", send: { repeat: a, times: 1372 } }, expect: { receive: { repeat: A, times: 1372 } } }
  - { name: a datagram that the card takes, at: alice, udp: { to: "bounce:9001", send: { repeat: a, times: 1372 } }, expect: { receive: A, within: 300ms } }
`,
  says: {
    'a circle of two routers': /^packets for 10\.70\.2\.1 go in a circle: one > two > one$/,
    'a router that goes round no further': /^two has no route to 10\.70\.200\.1$/,
    'a next hop that is nobody': /^no ARP answer: no host on office has 10\.91\.1\.99, the gateway of two$/,
    'no way back but to others': /^lone has no route back to 10\.91\.1\.21$/,
    'to where no route leads':
      /^gateway missing: 10\.71\.0\.1 is on none of alice's networks \(office\), and it has no route there$/,
    'a detour by two routers is no circle': /^RST from shelf: nothing listens on 7777/,
    'a datagram that is too large for a card':
      /^packets of 1428 bytes come to bounce's eth0 \(office\), whose MTU is 1400: the card loses them, and nobody is told; /,
    'a ping that is too large for a card':
      /^packets of 1428 bytes come to bounce's eth0 \(office\), whose MTU is 1400: /,
    'the same behind a router':
      /^packets of 1428 bytes come to bounce's eth0 \(office\), whose MTU is 1400: /,
    'a datagram that the card takes': /^nothing on bounce is bound to udp 9001 /,
  },
};
