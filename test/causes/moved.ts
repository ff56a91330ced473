/** The cause that a host has moved, and what is like it and is not. */
import type { Failing } from './contract.ts';

export const MOVED: Failing = {
  title: 'moved',
  yaml: `
lab: moved
networks: { wifi: 10.91.NET.0/24, lte: 10.91.NET2.0/24 }
hosts:
  gw: { forward: true, networks: { wifi: 10.91.NET.1, lte: 10.91.NET2.1 } }
  phone: { service: tcp-echo, networks: { wifi: 10.91.NET.20 } }
  pc: { service: tcp-echo, networks: { wifi: 10.91.NET.21 } }
steps:
  - { at: phone, tcp: { to: "pc:9000", send: a, as: mine }, expect: { receive: A } }
  - { at: pc, tcp: { to: "phone:9000", send: a, as: theirs }, expect: { receive: A } }
  - { fault: { move: { host: phone, to: lte }, as: away } }
  - { name: the address that stayed behind, at: pc, tcp: { to: "10.91.NET.20:9000", give_up: 400ms } }
  - { name: an address that nobody ever had, at: pc, tcp: { to: "10.91.NET.99:9000", give_up: 400ms } }
  - { name: a connection from the address that stayed behind, at: phone, tcp: { use: mine, send: b }, expect: { receive: B, within: 300ms } }
  - { name: a connection to the address that stayed behind, at: pc, tcp: { use: theirs, send: b }, expect: { receive: B, within: 300ms } }
  - { at: pc, ping: { to: phone } }
  - { heal: away }
  - { at: phone, exec: ip address del 10.91.NET.20/24 dev eth0 }
  - { name: an address that is lost at home, at: pc, tcp: { to: "10.91.NET.20:9000", give_up: 400ms } }
`,
  says: {
    'the address that stayed behind':
      /^phone was moved to lte by step 3, and nobody has its address on wifi, 10\.91\.\d+\.20$/,
    'an address that nobody ever had': /^no ARP answer: no host on wifi has 10\.91\.\d+\.99$/,
    'a connection from the address that stayed behind':
      /^phone was moved to lte by step 3, and this connection is from 10\.91\.\d+\.20, its address on wifi; /,
    'a connection to the address that stayed behind':
      /^phone was moved to lte by step 3, and nobody has its address on wifi, 10\.91\.\d+\.20; /,
    'an address that is lost at home': /^phone's eth0 does not have 10\.91\.\d+\.20 any more/,
  },
};
