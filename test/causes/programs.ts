/** For the contract of causes: programs that end, stand still, or do not answer. */
import type { Failing } from './contract.ts';

/** Servers that take connections and datagrams in their own ways. */
const NARROW = `require('net').createServer().listen({ port: 9000, backlog: 1 }, () => console.log('up'))`;
const MUTE = `require('net').createServer({ pauseOnConnect: true }).listen(9000, () => console.log('up'))`;
const RUDE = `require('net').createServer({ pauseOnConnect: true }, (s) => setTimeout(() => s.destroy(), 1000)).listen(9000, () => console.log('up'))`;
const FRAIL = `require('net').createServer(() => { console.log('no disk left'); process.exit(3) }).listen(9000, () => console.log('up'))`;
const listening = (then: string) =>
  `const s = require('dgram').createSocket('udp4'); s.on('message', (b, { address, port }) => { console.log(JSON.stringify({ time: new Date().toISOString(), event: 'receive', transport: 'udp', peer: { address, port }, bytes: b.length })); ${then} }); s.bind(9000, () => console.log('up'))`;
const DEAF = listening('');
const CURT = listening("s.send('x', port, address)");

function host(name: string, program: string, last: number): string {
  const networks = `{ office: 10.91.NET.${last} }`;
  return `  ${name}: { command: [node, -e, ${JSON.stringify(program)}], ready: { log: up }, networks: ${networks} }`;
}

/** What the program there does, or was made to do. */
export const PROGRAMS: Failing = {
  title: 'programs',
  yaml: `
lab: programs
networks: { office: 10.91.NET.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.91.NET.10 } }
${host('narrow', NARROW, 11)}
${host('mute', MUTE, 12)}
${host('frail', FRAIL, 13)}
${host('deaf', DEAF, 14)}
${host('curt', CURT, 15)}
${host('rude', RUDE, 16)}
  alice: { networks: { office: 10.91.NET.21 } }
steps:
  - { fault: { stop: echo, as: rest } }
  - { name: a program that was stopped, at: alice, tcp: { to: "echo:9000" } }
  - { heal: rest }
  - { name: a program that was started again, at: alice, tcp: { to: "echo:9999" } }
  - { at: alice, tcp: { to: "echo:9000", send: a, as: talk }, expect: { receive: A } }
  - { fault: { kill: echo } }
  - { name: a program that was killed in the middle, at: alice, tcp: { use: talk }, expect: { receive: B, within: 2s } }
  - { start: echo }
  - { name: a program that ends by itself in the middle, at: alice, tcp: { to: "frail:9000" }, expect: { receive: x } }
  - { name: a program that has ended by itself, at: alice, tcp: { to: "frail:9000" } }
  - { fault: { pause: echo, as: nap } }
  - { name: a program that is paused, at: alice, tcp: { to: "echo:9000", send: a }, expect: { receive: A, within: 300ms } }
  - { name: a window that is closed, at: alice, tcp: { to: "echo:9000", send: { random: 16MB, seed: x }, give_up: 1500ms } }
  - { heal: nap }
  - { name: a program that goes on, at: alice, tcp: { to: "echo:9000", send: a }, expect: { receive: { bytes: 2 }, within: 300ms } }
  - { fault: { pause: narrow, as: sleep } }
  - { at: alice, tcp: { to: "narrow:9000", as: one } }
  - { at: alice, tcp: { to: "narrow:9000", as: two } }
  - { name: a backlog that is full, at: alice, tcp: { to: "narrow:9000", give_up: 400ms } }
  - { heal: sleep }
  - { name: a backlog that has room, at: alice, tcp: { to: "narrow:9000" }, expect: { receive: x, within: 300ms } }
  - { name: bytes that nobody reads, at: alice, tcp: { to: "mute:9000", send: abc }, expect: { receive: ABC, within: 300ms } }
  - { name: a connection that is closed with bytes unread, at: alice, tcp: { to: "rude:9000", send: abc }, expect: { receive: ABC } }
  - { name: a connection that is closed in order, at: alice, tcp: { to: "rude:9000" }, expect: { receive: ABC } }
  - { name: a datagram that is read and not answered, at: alice, udp: { to: "deaf:9000", send: hello }, expect: { receive: HELLO, within: 300ms } }
  - { name: a datagram that is answered otherwise, at: alice, udp: { to: "curt:9000", send: hello }, expect: { receive: HELLO, within: 300ms } }
`,
  says: {
    'a program that was stopped':
      /^RST from echo: nothing listens on 9000; its program was stopped by step 1$/,
    'a program that was started again': /^RST from echo: nothing listens on 9999 \(it listens on 7, 9000\)$/,
    'a program that was killed in the middle':
      /^echo's program was killed by step 6; the kernel closed what it had open(; |$)/,
    'a program that ends by itself in the middle':
      /^frail's program has ended \(exit 3\): "no disk left"; the kernel closed what it had open(; |$)/,
    'a program that has ended by itself':
      /^RST from frail: nothing listens on 9000; its program has ended \(exit 3\): "no disk left"$/,
    'a program that is paused':
      /^echo's program is paused \(SIGSTOP\) by step 11: its kernel still accepts, nobody reads; /,
    'a window that is closed':
      /^echo reads no more: its window is 0; its program is paused \(SIGSTOP\) by step 11$/,
    'a program that goes on': undefined,
    'a backlog that is full':
      /^narrow's backlog of port 9000 is full: 2 of 1 not yet accepted; its program is paused \(SIGSTOP\) by step 16$/,
    'a backlog that has room': undefined,
    'bytes that nobody reads':
      /^3 bytes wait unread in mute's socket \(Recv-Q\): its program does not read; /,
    'a connection that is closed with bytes unread':
      /^RST from rude: its program closed or aborted this connection, and was sent more or left some unread$/,
    'a connection that is closed in order': undefined,
    'a datagram that is answered otherwise': undefined,
    'a datagram that is read and not answered':
      /^deaf received 5 bytes \(its event at \d\d:\d\d:\d\d\.\d+\), and its events show no answer; /,
  },
};
