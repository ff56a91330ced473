/** For the contract of causes: addresses outside of the lab. */
import type { Failing } from './contract.ts';

/** A network that leads out of the lab by the engine's own address. */
export const OUTSIDE: Failing = {
  title: 'outside',
  yaml: `
lab: outside
networks: { open: { subnet: 10.91.NET.0/24, internet: true }, inner: 10.91.NET2.0/24 }
hosts:
  router: { forward: true, networks: { open: 10.91.NET.1, inner: 10.91.NET2.1 } }
  carol: { networks: { inner: 10.91.NET2.20 } }
steps:
  - { name: the engine's address from behind a router, at: carol, ping: { to: 10.91.NET.254, give_up: 1s } }
  - { name: an address of nobody there, at: carol, ping: { to: 10.91.NET.99, give_up: 2s } }
`,
  says: {
    "the engine's address from behind a router": undefined,
    'an address of nobody there': /no host on open has 10\.91\.1\.99/,
  },
};
