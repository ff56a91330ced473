/** For the contract of causes: routes that are not there, or lead nowhere. */
import type { Failing } from './contract.ts';

/** Two networks, and the hosts between them. */
export const ROUTES: Failing = {
  title: 'routes',
  yaml: `
lab: routes
networks: { office: 10.91.NET.0/24, store: 10.91.NET2.0/24 }
hosts:
  router: { networks: { office: 10.91.NET.30, store: 10.91.NET2.30 }, sysctls: { net.ipv4.ip_forward: "1" } }
  twin: { networks: { office: 10.91.NET.31, store: 10.91.NET2.31 } }
  shelf: { service: tcp-echo, networks: { store: 10.91.NET2.40 } }
  alice: { networks: { office: 10.91.NET.21 } }
steps:
  - { name: no gateway, at: alice, tcp: { to: "10.60.0.1:9000" } }
  - { name: no gateway to a host of the lab, at: alice, tcp: { to: "10.91.NET2.40:9000" } }
  - { at: alice, exec: ip route add prohibit 10.61.0.0/24 }
  - { name: a route that prohibits, at: alice, tcp: { to: "10.61.0.1:9000" } }
  - { at: alice, exec: ip route add 10.91.NET2.0/24 via 10.91.NET.30 }
  - { name: no route back, at: alice, tcp: { to: "10.91.NET2.40:9000", give_up: 400ms } }
  - { at: shelf, exec: ip route add 10.91.NET.0/24 via 10.91.NET2.30 }
  - { at: alice, exec: ip route replace 10.91.NET2.0/24 via 10.91.NET.31 }
  - { name: a host between that does not forward, at: alice, tcp: { to: "10.91.NET2.40:9000", give_up: 400ms } }
  - { at: alice, exec: ip route replace 10.91.NET2.0/24 via 10.91.NET.99 }
  - { name: a gateway that is nobody, at: alice, tcp: { to: "10.91.NET2.40:9000", give_up: 400ms } }
  - { at: alice, exec: ip route replace 10.91.NET2.0/24 via 10.91.NET.30 }
  - { at: router, exec: ip route add blackhole 10.62.0.0/24 }
  - { at: alice, exec: ip route add 10.62.0.0/23 via 10.91.NET.30 }
  - { name: a route that ends at the router, at: alice, udp: { to: "10.62.0.1:9000", send: a }, expect: { receive: A, within: 300ms } }
  - { name: a router that knows no further, at: alice, udp: { to: "10.62.1.1:9000", send: a, connect: true }, expect: { receive: A, within: 300ms } }
  - { fault: { cut: [router, shelf], as: gap } }
  - { name: a cut behind the router, at: alice, tcp: { to: "10.91.NET2.40:9000", give_up: 400ms } }
  - { heal: gap }
  - { at: shelf, exec: ip addr del 10.91.NET2.40/24 dev eth0 }
  - { at: alice, exec: ip route replace 10.91.NET2.0/24 via 10.91.NET.30 }
  - { name: an address that was taken away, at: router, tcp: { to: "10.91.NET2.40:9000", give_up: 400ms } }
`,
  says: {
    'no gateway':
      /^gateway missing: 10\.60\.0\.1 is on none of alice's networks \(office\), and it has no route there$/,
    'no gateway to a host of the lab':
      /^gateway missing: 10\.91\.2\.40 is on none of alice's networks \(office\), and it has no route there$/,
    'a route that prohibits':
      /^alice has a route that lets nothing go to 10\.61\.0\.1: prohibit 10\.61\.0\.0\/24$/,
    'no route back': /^shelf has no route back to 10\.91\.1\.21$/,
    'a host between that does not forward': /^twin does not forward: its net\.ipv4\.ip_forward is 0$/,
    'a gateway that is nobody': /^no ARP answer: no host on office has 10\.91\.1\.99, the gateway of alice$/,
    'a route that ends at the router':
      /^router has a route that lets nothing go to 10\.62\.0\.1: blackhole 10\.62\.0\.0\/24; /,
    'a router that knows no further': /^router has no route to 10\.62\.1\.1(; |$)/,
    'a cut behind the router': /^router and shelf are cut by step 17$/,
    'an address that was taken away': /^shelf's eth0 does not have 10\.91\.2\.40 any more: it has none$/,
  },
};
