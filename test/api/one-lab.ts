/** One lab in a process of its own: prints its subnets when it is up and works, and ends with its input. */
import { once } from 'node:events';
import type { EngineName } from '../../lab/index.ts';
import { lab } from '../../lab/index.ts';

await using net = await lab(
  {
    lab: 'one',
    networks: { lan: 'auto' },
    hosts: { echo: { service: 'tcp-echo', networks: ['lan'] }, alice: { networks: ['lan'] } },
  },
  { engine: process.argv[2] as EngineName },
);
await using talk = await net.host('alice').tcp('echo:9000');
await talk.write('hello');
if (`${await talk.read(5)}` !== 'HELLO') throw new Error('the echo server is not in capitals');
console.log(JSON.stringify(net.plan.networks.map(({ subnets }) => subnets[0]?.subnet)));
process.stdin.resume();
await once(process.stdin, 'end');
