/** A lab for a test: from a scenario's text to hosts that are up, and what tests ask of them. */
import { parse } from 'yaml';
import type { ExecResult } from '../lab/agent/protocol.ts';
import { internals } from '../lab/api/internals.ts';
import { lab } from '../lab/api/lab.ts';
import type { WrittenScenario } from '../lab/api/written.ts';
import type { Engine } from '../lab/engines/engine.ts';
import type { LiveHost } from '../lab/live/host.ts';
import type { LiveLab } from '../lab/live/up.ts';
import type { Plan } from '../lab/model/planned.ts';
import { planScenario } from '../lab/plan/plan.ts';
import { loadScenario } from '../lab/scenario/load.ts';
import { vocabulary } from '../lab/vocabulary.ts';

export function planOf(yaml: string): Plan {
  return planScenario(loadScenario(yaml, 'test.yaml', vocabulary));
}

/** By the library, down to its agents. */
export async function labOf(engine: Engine, yaml: string): Promise<LiveLab> {
  const net = await lab(parse(yaml) as WrittenScenario, { engine });
  return net[internals];
}

export function hostOf(lab: LiveLab, name: string): LiveHost {
  const host = lab.hosts.get(name);
  if (!host) throw new Error(`no host ${name}`);
  return host;
}

export async function shell(host: LiveHost, script: string, giveUp = 15_000): Promise<string> {
  const result = await host.agent.exec({ argv: ['sh', '-c', script], giveUp });
  return textOf(result);
}

export function textOf({ stdout, stderr, exit }: ExecResult): string {
  if (exit !== 0) throw new Error(`exit ${exit}: ${Buffer.from(stderr)}${Buffer.from(stdout)}`);
  return Buffer.from(stdout).toString();
}

/**
 * A raw look at a card: frames as tcpdump prints them, from the moment this resolves (tcpdump has said that it
 * listens) until `stop`, when it has written all it took.
 */
export async function look(host: LiveHost, card = 'eth0'): Promise<{ stop(): Promise<string[]> }> {
  const base = `/tmp/look-${card}`;
  const options = `-i ${card} -n -U --immediate-mode -w ${base}.pcap`;
  const over = shell(host, `echo $$ >${base}.pid; exec tcpdump ${options} 2>${base}.says`, 60_000);
  await shell(host, `until grep -qs 'listening on' ${base}.says; do sleep 0.01; done`);
  return {
    async stop() {
      await shell(host, `kill -INT $(cat ${base}.pid)`);
      await over;
      const frames = await shell(host, `tcpdump -n -e -r ${base}.pcap 2>/dev/null; rm ${base}.*`);
      return frames.split('\n').filter((line) => line !== '');
    },
  };
}
