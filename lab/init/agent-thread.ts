/**
 * An agent as a thread of the lab's first process. The thread enters its host's namespaces for good, except the process
 * namespace. It enters that one only for the time of each fork, since no thread can be in another one than its process.
 */
import { workerData } from 'node:worker_threads';
import { createBirpc } from 'birpc';
import { type Agent, createAgent } from '../agent/agent.ts';
import { openChannel } from '../agent/channel.ts';
import { boundedReport } from '../agent/event-queue.ts';
import { makePipesBy } from '../agent/pipe.ts';
import type { OrchestratorCalls } from '../agent/protocol.ts';
import { Setup } from '../agent/setup.ts';
import { forkWithin, startToolsBy } from '../agent/spawn.ts';
import type { AgentData, OutsideCalls } from './agents.ts';
import { BETWEEN_THREADS } from './between-threads.ts';
import { enter, makePipe, standAlone } from './kernel.ts';
import { enterAll } from './namespaces.ts';
import { portStream } from './port-stream.ts';
import { startTool } from './tool-process.ts';

const { process: first, home, processes, setup, cuts, stream, outside } = workerData as AgentData;

standAlone();
enterAll(first, ['net', 'uts', 'ipc', 'mnt']);
makePipesBy((bytes) => makePipe(bytes));
startToolsBy(startTool);
forkWithin((fork) => {
  enter(processes, 'pid');
  try {
    return fork();
  } finally {
    enter(home, 'pid');
  }
});

const beyond = createBirpc<OutsideCalls>(
  {},
  {
    post: (message) => outside.postMessage(message),
    on: (receive) => outside.on('message', receive),
    ...BETWEEN_THREADS,
  },
);
const { cut, heal, cutOff, plug } = beyond;
const agent: Agent = createAgent(
  boundedReport((event) => rpc.event.asEvent(event)),
  new Setup({
    setup,
    plug,
    impairing: {
      impair: (request) => beyond.impair(request),
      relieve: (request) => beyond.relieve(request),
      accountOfCables: () => beyond.accountOfCables(),
    },
    ...(cuts && {
      cutting: { cut: (request) => cut(request), heal: (id) => heal(id), cutOff: () => cutOff() },
    }),
  }),
);
const rpc = openChannel<OrchestratorCalls, Agent>(portStream(stream), {
  ...agent,
  processes: () => beyond.processes(),
  signalProgram: (request) => beyond.signalProgram(request),
});
