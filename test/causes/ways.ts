/** For the contract of causes: of several troubles the one on the path there is told first. */
import type { Failing } from './contract.ts';

/** What lies on the way there comes first, then what lies on the way back; what lies on neither is no cause. */
export const WAYS: Failing = {
  title: 'ways',
  yaml: `
lab: ways
networks: { office: [10.91.NET.0/24, "fd00:91:NET::/64"], store: [10.91.NET2.0/24, "fd00:91:NET2::/64"] }
hosts:
  there: { forward: true, networks: { office: 10.91.NET.1, store: 10.91.NET2.1 }, deny: ["tcp alice > shelf:7", "tcp alice > lone:9000"] }
  back: { forward: true, networks: { office: 10.91.NET.2, store: 10.91.NET2.2 } }
  still: { networks: { office: [10.91.NET.3, "fd00:91:NET::3"], store: [10.91.NET2.3, "fd00:91:NET2::3"] } }
  alice: { networks: { office: 10.91.NET.21 }, gateway: there }
  bob: { networks: { office: [10.91.NET.22, "fd00:91:NET::22"] }, gateway: [10.91.NET.3, "fd00:91:NET::3"] }
  shelf: { service: tcp-echo, networks: { store: 10.91.NET2.40 }, gateway: back }
  lone: { service: tcp-echo, networks: { store: [10.91.NET2.41, "fd00:91:NET2::41"] }, gateway: none }
steps:
  - { name: a router that does not forward, at: bob, tcp: { to: "10.91.NET2.41:9000", give_up: 400ms } }
  - { name: a router that does not forward IPv6, at: bob, tcp: { to: "[fd00:91:NET2::41]:9000", give_up: 400ms } }
  - { name: a router that denies, at: alice, tcp: { to: "lone:9000", give_up: 400ms } }
  - { name: a router that forwards, at: alice, tcp: { to: "lone:7", give_up: 400ms } }
  - { at: alice, tcp: { to: "shelf:9000", send: a }, expect: { receive: A } }
  - { fault: { cut: { from: shelf, to: there }, as: aside } }
  - { at: alice, tcp: { to: "shelf:9000", send: a }, expect: { receive: A } }
  - { name: a rule beside a cut that the answer does not cross, at: alice, tcp: { to: "shelf:7", give_up: 400ms } }
  - { name: nobody's port beside that cut, at: alice, udp: { to: "shelf:9000", send: a }, expect: { receive: A, within: 300ms } }
  - { heal: aside }
  - { fault: { cut: { from: shelf, to: back }, as: gap } }
  - { name: a cut that the answer crosses, at: alice, tcp: { to: "shelf:9000", give_up: 400ms } }
  - { heal: gap }
  - { fault: { cut: { from: shelf, to: there } } }
  - { at: there, exec: ip neigh flush dev eth1 }
  - { name: a cut that the MAC does not cross, at: alice, tcp: { to: "shelf:9000", give_up: 400ms } }
`,
  says: {
    'a router that does not forward': /^still does not forward: its net\.ipv4\.ip_forward is 0$/,
    'a router that does not forward IPv6':
      /^still does not forward: its net\.ipv6\.conf\.all\.forwarding is 0$/,
    'a router that denies': /^dropped by a rule on there: deny tcp alice > lone:9000$/,
    'a router that forwards': /^lone has no route back to 10\.91\.1\.21$/,
    'a rule beside a cut that the answer does not cross':
      /^dropped by a rule on there: deny tcp alice > shelf:7$/,
    "nobody's port beside that cut": /^shelf listens on tcp 9000, not udp; no datagram in 300 ms$/,
    'a cut that the answer crosses': /^the frames of shelf do not reach back: cut by step 11$/,
    'a cut that the MAC does not cross': /^the frames of shelf do not reach there: cut by step 14$/,
  },
};
