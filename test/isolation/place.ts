/** A lab in which programs and commands do what a test tells them, and what they could reach is looked at. */
import { parse } from 'yaml';
import type { ExecResult } from '../../lab/agent/protocol.ts';
import { internals } from '../../lab/api/internals.ts';
import { type Lab, lab } from '../../lab/api/lab.ts';
import type { WrittenScenario } from '../../lab/api/written.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import { hostOf } from '../lab.ts';

export interface Place {
  engine: Engine;
  /** Node, as hosts have it. */
  node: string;
}

/** A program that does as a shell what it is sent, and answers with what that said. */
export const OBEYS = `
  const { createServer } = require('node:net');
  const { spawnSync } = require('node:child_process');
  createServer({ allowHalfOpen: true }, (peer) => {
    let script = '';
    peer.on('data', (bytes) => { script += bytes; }).on('end', () => {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', script]);
      peer.end(stdout + stderr + '\\nexit ' + status);
    });
  }).listen(7000);
`;

export function scenarioOf({ node }: Place): string {
  return `
lab: apart
networks: { lan: auto }
hosts:
  prog: { command: ${JSON.stringify([node, '-e', OBEYS])}, networks: [lan], ready: { tcp: 7000 } }
  echo: { service: tcp-echo, networks: [lan] }
  alice: { networks: [lan] }
  bob: { networks: [lan] }
`;
}

export async function labAt({ engine }: Place, yaml: string): Promise<Lab> {
  return lab(parse(yaml) as WrittenScenario, { engine });
}

/** What a program of `prog` reaches: both its outputs, and \`exit N\` at the end. */
export async function asProgram(net: Lab, script: string): Promise<string> {
  await using talk = await net.host('alice').tcp('prog:7000');
  await talk.write(script);
  await talk.end();
  return await talk.text({ giveUp: 60_000 });
}

/** The same for root of a host. */
export async function asRoot(net: Lab, host: string, script: string): Promise<string> {
  const argv = ['sh', '-c', script];
  const result: ExecResult = await hostOf(net[internals], host).agent.exec({ argv, giveUp: 60_000 });
  return `${Buffer.from(result.stdout)}${Buffer.from(result.stderr)}\nexit ${result.exit}`;
}

export const KINDS = ['program', 'exec'] as const;

/** On the same host, whoever does it. */
export function doing(kind: (typeof KINDS)[number]): (net: Lab, script: string) => Promise<string> {
  return kind === 'program' ? asProgram : (net, script) => asRoot(net, 'prog', script);
}
