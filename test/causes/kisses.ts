/** For the contract of causes: servers of NTP that give no time, and a port without one. */
import type { Failing } from './contract.ts';

/** Answers every request with leap 3, stratum 0 and this reference id; the transmit time is any but zero. */
const saying = (id: string) =>
  `const s=require('dgram').createSocket('udp4');s.on('message',(m,r)=>{const a=Buffer.alloc(48,1);a[0]=0xe4;a[1]=0;a.write('${id}',12,'latin1');m.copy(a,24,40,48);s.send(a,r.port,r.address)}).bind(123,()=>console.log('up'))`;
const host = (name: string, id: string) => {
  const program = { command: ['node', '-e', saying(id)], ready: { log: 'up' }, networks: ['office'] };
  return `  ${name}: ${JSON.stringify(program)}`;
};

export const KISSES: Failing = {
  title: 'servers of NTP that give no time',
  yaml: `
lab: kisses
networks: { office: 10.91.NET.0/24 }
hosts:
${host('busy', 'RATE')}
${host('closed', 'DENY')}
${host('unset', '\\x7f\\x7f\\x01\\x01')}
  alice: { networks: { office: 10.91.NET.21 } }
steps:
  - { name: too often, at: alice, ntp: { to: busy } }
  - { name: too often for a field, at: alice, ntp: { to: busy }, expect: { fields: { stratum: 2 } } }
  - { name: never, at: alice, ntp: { to: closed } }
  - { name: a clock that is not set, at: alice, ntp: { to: unset }, expect: { fields: { stratum: 2 } } }
  - { name: a port without a server, at: alice, ntp: { to: "busy:124" } }
`,
  says: {
    'too often': /^busy sent a kiss-o'-death, RATE: alice asks it more often than it allows$/,
    'too often for a field': /^busy sent a kiss-o'-death, RATE: alice asks it more often than it allows$/,
    never: /^closed sent a kiss-o'-death, DENY: it gives alice no time$/,
    'a clock that is not set': undefined,
    'a port without a server': /^port unreachable from busy: nothing is bound to udp 124 \(udp: 123\)$/,
  },
};
