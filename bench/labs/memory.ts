/**
 * Row: memory of a host that does nothing. The proportional set size (proc(5), smaps_rollup) of every process of a lab
 * that is up, its owner included, over the number of its hosts. What the kernel keeps for namespaces is not in it.
 */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { lackingEngine, lanlab, plainScenario, takeDown } from './ours.ts';
import { inTurn } from './ratios.ts';
import { hosts, OursFailed, type Row, type Setting } from './row.ts';

const COUNT = 100;
/** Seconds for up and for down. */
const LIMIT = 600;
/** By any of these of its own, a process belongs to the lab of another that has the same. */
const NAMESPACES = ['net', 'mnt', 'pid'];

export interface Process {
  pid: number;
  parent: number;
  /** As `net:[4026531840]`. */
  namespaces: string[];
}

export const memory: Row = {
  name: 'memory',
  what: (setting) => `memory of a host that does nothing, in a lab of ${hosts(COUNT, setting)}, netns`,
  limit: 1,
  sense: 'at most',
  unit: 'MB',
  docker: false,
  lacking: (setting) => lackingEngine(setting, 'netns'),
  run: async (setting) => {
    const count = hosts(COUNT, setting);
    const notes: string[] = [];
    const once = async () => {
      const { bytes, processes } = await ofOneLab(setting, count);
      notes.push(`${count} hosts: ${processes} processes, ${(bytes / 1e6).toFixed(1)} MB`);
      setting.say(notes.at(-1)!);
      return bytes / 1e6 / count;
    };
    return { pairs: await inTurn(setting.times ?? 3, once), notes };
  },
};

async function ofOneLab(setting: Setting, count: number): Promise<{ bytes: number; processes: number }> {
  const file = await plainScenario(setting, count, false);
  try {
    await lanlab(setting, ['up', '--engine', 'netns', file], { limit: LIMIT });
    const { stdout } = await lanlab(setting, ['ps', '--json'], { limit: 60 });
    const labs = JSON.parse(stdout) as { owner: number }[];
    if (labs.length !== 1) throw new OursFailed(`${labs.length} labs are up where one was brought up`);
    const all = await processes();
    const own = all.find(({ pid }) => pid === process.pid)?.namespaces ?? [];
    const pids = ofLab(labs[0]!.owner, all, own);
    const sizes = await Promise.all(pids.map(proportionalSetSize));
    return { bytes: sizes.reduce((sum, size) => sum + size, 0), processes: pids.length };
  } finally {
    await takeDown(setting, LIMIT);
  }
}

/** The owner, what descends from it, and what shares a namespace with these that is not the machine's. */
export function ofLab(owner: number, all: readonly Process[], machine: readonly string[]): number[] {
  const pids = new Set([owner]);
  const namespaces = new Set<string>();
  for (let before = -1; before !== pids.size; ) {
    before = pids.size;
    for (const { pid, parent, namespaces: its } of all) {
      if (!pids.has(pid) && !pids.has(parent) && !its.some((each) => namespaces.has(each))) continue;
      pids.add(pid);
      for (const each of its) if (!machine.includes(each)) namespaces.add(each);
    }
  }
  return [...pids];
}

async function processes(): Promise<Process[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const all = await Promise.all(pids.map((pid) => look(pid).catch(() => undefined))); // It may have ended.
  return all.filter((each) => each !== undefined);
}

async function look(pid: number): Promise<Process> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const parent = Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]);
  const namespaces = await Promise.all(NAMESPACES.map((name) => readlink(`/proc/${pid}/ns/${name}`)));
  return { pid, parent, namespaces };
}

/** Bytes. Nothing for one that has ended. */
async function proportionalSetSize(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s*(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
}
