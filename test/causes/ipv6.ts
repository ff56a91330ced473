/** For the contract of causes: failures of IPv6, and of a host that has IPv4 alone. */
import type { Failing } from './contract.ts';

/** Two networks of both families, the hosts between them, and a host of IPv4 alone. */
export const IPV6: Failing = {
  title: 'ipv6',
  yaml: `
lab: ipv6
networks:
  office: [10.91.NET.0/24, "fd00:91:NET::/64"]
  store: [10.91.NET2.0/24, "fd00:91:NET2::/64"]
  old: 10.92.NET.0/24
hosts:
  router: { networks: [office, store], sysctls: { net.ipv6.conf.all.forwarding: "1" } }
  twin: { networks: { office: "fd00:91:NET::31", store: } }
  echo: { service: tcp-echo, networks: { office: [10.91.NET.4, "fd00:91:NET::10"] }, env: { HOST: 10.91.NET.4 } }
  shelf: { service: tcp-echo, networks: { store: "fd00:91:NET2::40" } }
  wall: { service: tcp-echo, networks: { office: "fd00:91:NET::50" }, deny: ["tcp alice > wall:9000"], reject: ["icmp * > wall"] }
  alice: { networks: { office: [10.91.NET.21, "fd00:91:NET::21"] } }
  quiet: { networks: [office], sysctls: { net.ipv6.icmp.echo_ignore_all: "1" } }
  olde: { networks: [old] }
steps:
  - { name: nobody on the link, at: alice, tcp: { to: "[fd00:91:NET::99]:9000", give_up: 400ms } }
  - { name: no address of the family, at: olde, tcp: { to: "[fd00:91:NET::10]:9000" } }
  - { name: bound to the other family, at: alice, tcp: { to: "[fd00:91:NET::10]:9000" } }
  - { name: no way off the link, at: alice, tcp: { to: "[fd00:91:NET2::40]:9000" } }
  - { at: alice, exec: "ip -6 route add fd00:91:NET2::/64 via fd00:91:NET::1" }
  - { name: no way back, at: alice, tcp: { to: "[fd00:91:NET2::40]:9000", give_up: 400ms } }
  - { at: shelf, exec: "ip -6 route add fd00:91:NET::/64 via fd00:91:NET2::1" }
  - { name: by the router it goes, at: alice, tcp: { to: "[fd00:91:NET2::40]:9000", send: hello }, expect: { receive: HELLO?? } }
  - { at: alice, exec: "ip -6 route replace fd00:91:NET2::/64 via fd00:91:NET::31" }
  - { name: one between that does not forward, at: alice, tcp: { to: "[fd00:91:NET2::40]:9000", give_up: 400ms } }
  - { name: a rule of both families, at: alice, tcp: { to: "wall:9000", family: ipv6, give_up: 400ms } }
  - { name: another, at: alice, ping: { to: wall, family: ipv6, give_up: 400ms } }
  - { name: no answer to pings, at: alice, ping: { to: quiet, family: ipv6, give_up: 400ms } }
  - { name: nobody has joined, at: alice, udp: { to: "[ff02::9]:9000", send: a }, expect: { receive: A, within: 300ms } }
  - { fault: { cut: [alice, echo], as: gap } }
  - { name: a cut, at: alice, tcp: { to: "[fd00:91:NET::10]:9000", give_up: 400ms } }
  - { heal: gap }
  - { at: echo, listen: { tcp: 9100, family: ipv6, as: door } }
  - { name: a port that is held, at: echo, listen: { tcp: "echo:9100", family: ipv6 } }
`,
  says: {
    'nobody on the link': /^no neighbour advertisement: no host on office has fd00:91:\d+::99$/,
    'no address of the family': /^olde has no IPv6, and fd00:91:\d+::10 is an address of it$/,
    'bound to the other family': /^RST from echo: echo's server is bound to 10\.91\.1\.4:9000 only$/,
    'no way off the link':
      /^gateway missing: fd00:91:\d+::40 is on none of alice's networks \(office\), and it has no route there$/,
    'no way back': /^shelf has no route back to fd00:91:\d+::21$/,
    'by the router it goes': undefined,
    'one between that does not forward': /^twin does not forward: its net\.ipv6\.conf\.all\.forwarding is 0$/,
    'a rule of both families': /^dropped by a rule on wall: deny tcp alice > wall:9000$/,
    another: /^rejected by a rule on wall: reject icmp \* > wall$/,
    'no answer to pings': /^quiet answers no pings: its net\.ipv6\.icmp\.echo_ignore_all is 1$/,
    'nobody has joined': /^nobody on office has joined ff02::9; /,
    'a cut': /^alice and echo are cut by step 15$/,
    'a port that is held': /^echo's 9100\/tcp is held by the listener `door`$/,
  },
};
