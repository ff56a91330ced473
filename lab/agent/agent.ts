/** The hands inside a host: every call of the protocol, on the network stack of the process it runs in. */
import { clientCalls } from './clients.ts';
import { configure, writeHostFile } from './configure.ts';
import { Handles } from './handles.ts';
import type { Report } from './happening.ts';
import { type Patch, patchCalls } from './patch.ts';
import type { AgentCalls } from './protocol.ts';
import { stateCalls } from './state.ts';
import { tcpCalls } from './tcp.ts';
import { exec } from './tool.ts';
import { udpCalls } from './udp.ts';

export interface Agent extends AgentCalls {
  /** Closes every socket that is still open. */
  closeAll(): Promise<void>;
}

/** `report` is told what the agent's own listeners see. */
export function createAgent(report: Report = () => {}): Agent {
  const handles = new Handles();
  let patch: Patch | undefined;
  const sockets = { ...tcpCalls(handles, report), ...udpCalls(handles, report) };
  return {
    ...sockets,
    ...clientCalls(sockets, handles),
    ...stateCalls,
    ...patchCalls(() => patch),
    configure: async (setup) => {
      const done = await configure(setup);
      patch = done.patch;
      return { capabilities: done.capabilities };
    },
    writeFile: writeHostFile,
    exec,
    close: ({ handle }) => handles.close(handle),
    closeAll: () => handles.closeAll(),
  };
}
