/** For the contract of causes: rules of a firewall and of a NAT that the scenario writes. */
import type { Failing } from './contract.ts';

/** What the scenario itself forbids: by a firewall's rules, and by a NAT. */
export const RULES: Failing = {
  title: 'rules',
  yaml: `
lab: rules
networks: { home: 10.91.NET.0/24, internet: 10.91.NET2.0/24 }
hosts:
  router:
    forward: true
    networks: { home: 10.91.NET.1, internet: 10.91.NET2.1 }
    nat: { outside: internet, kind: endpoint-independent }
    deny: ["tcp * > server:7", "icmp alice > server"]
    reject: ["tcp * > server:9000", "udp * > server"]
  alice: { networks: { home: 10.91.NET.21 } }
  web: { service: tcp-echo, networks: { home: 10.91.NET.10 }, allow: ["tcp router > web"] }
  server: { service: tcp-echo, networks: { internet: 10.91.NET2.10 }, deny: ["tcp alice > server:9999"] }
steps:
  - { name: what a router denies, at: alice, tcp: { to: "server:7", give_up: 400ms } }
  - { name: a ping that it denies, at: alice, ping: { to: server, give_up: 400ms } }
  - { name: what it rejects, at: alice, tcp: { to: "server:9000" } }
  - { name: a datagram that it rejects, at: alice, udp: { to: "server:9000", send: a, connect: true }, expect: { receive: A } }
  - { name: what nobody inside asked for, at: server, tcp: { to: "web:9000", give_up: 400ms } }
  - { name: what a host does not allow, at: alice, tcp: { to: "web:9000", give_up: 400ms } }
  - { name: a rule about whom the NAT hides, at: alice, tcp: { to: "server:9999" } }
`,
  says: {
    'what a router denies': /^dropped by a rule on router: deny tcp \* > server:7$/,
    'a ping that it denies': /^dropped by a rule on router: deny icmp alice > server$/,
    'what it rejects': /^rejected by a rule on router: reject tcp \* > server:9000$/,
    'a datagram that it rejects': /^rejected by a rule on router: reject udp \* > server$/,
    'what nobody inside asked for': /^dropped by a rule on router: nat: nobody inside asked for it$/,
    'what a host does not allow': /^dropped by a rule on web: nothing under allow is about it$/,
    'a rule about whom the NAT hides': /^RST from server: nothing listens on 9999/,
  },
};
