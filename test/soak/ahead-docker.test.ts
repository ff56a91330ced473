/** On Docker the thread that carries frames has its turns ahead of others, and its container no capability for it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { expect, test } from 'vitest';
import { CABLE_THREAD } from '../../lab/agent/cable/thread-calls.ts';
import { connect } from '../../lab/engines/containers/connection.ts';
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { hostOf, labOf, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

const LAB = `
lab: ahead
networks: { lan: { subnet: 10.193.1.0/24, link: { delay: 1ms } } }
hosts: { alice: { networks: [lan] }, bob: { networks: [lan] } }
`;

const engine = dockerEngine();
const { lacking } = await engine.probe();
/** Of root alone, and of an engine whose processes this machine has. */
const missing = lacking
  ? `${lacking.why}; ${lacking.hint}`
  : process.getuid!() === 0
    ? undefined
    : 'root is asked for';

/** RT_GROUP_SCHED: the groups that the engine makes for its containers have no real-time at all (sched(7)). */
const refused = existsSync('/sys/fs/cgroup/cpu/cpu.rt_runtime_us');

/** The scheduling of threads of this name below a process: policy and nice value. */
function policies(pid: number): string[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean);
  const own = readdirSync(`/proc/${pid}/task`).filter(
    (thread) => readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').trim() === CABLE_THREAD,
  );
  const policy = (thread: string) =>
    /policy: (\S+)/.exec(execFileSync('chrt', ['-p', thread], { encoding: 'utf8' }))![1]!;
  return [
    ...own.map((thread) => `${policy(thread)} ${getPriority(Number(thread))}`),
    ...children.flatMap((child) => policies(Number(child))),
  ];
}

describeNeeding('docker', missing, 'a cable on Docker', () => {
  test('is carried with a real-time priority where the kernel has one for containers, and commands have none', async () => {
    await using lab = await labOf(engine, LAB);
    const [one] = await connect().listContainers({ filters: { name: [`lanlab-${lab.id}-alice`] } });
    const { State } = await connect().getContainer(one!.Id).inspect();
    const policy = refused ? 'SCHED_OTHER -20' : 'SCHED_FIFO|SCHED_RESET_ON_FORK -20';
    await expect.poll(() => policies(State.Pid)).toEqual([policy]);
    expect(await shell(hostOf(lab, 'alice'), 'chrt -f 1 true 2>&1 || echo refused')).toContain('refused');
  });
});
