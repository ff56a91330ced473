/** The agent inside a host: every call of the protocol, on the network stack of its own process. */
import { captureCalls } from './capture.ts';
import { carrierCalls } from './carrier.ts';
import { clientCalls } from './clients.ts';
import { skewClock } from './clock.ts';
import { writeHostFile } from './configure.ts';
import { diskCalls } from './disk.ts';
import { Handles } from './handles.ts';
import { httpCalls } from './http.ts';
import type { Report } from './listener-events.ts';
import { mark } from './mark.ts';
import { patchCalls } from './nft/patch.ts';
import { offloadCalls } from './offload.ts';
import { bePatient } from './patience.ts';
import { processCalls } from './process.ts';
import { processCallsOfProgram } from './processes.ts';
import type { AgentCalls } from './protocol.ts';
import { Setup } from './setup.ts';
import { stateCalls } from './state.ts';
import { tcpCalls } from './tcp.ts';
import { exec } from './tool.ts';
import { udpCalls } from './udp.ts';

export interface Agent extends AgentCalls {
  /** Closes every socket that is still open, and ends the commands that still run. */
  closeAll(): Promise<void>;
}

/** `report` is told what the agent's own listeners see. `setup` is given where the host outlives this agent's stream. */
export function createAgent(report: Report = () => {}, setup = new Setup()): Agent {
  const handles = new Handles();
  setup.report = report;
  const ending = new AbortController();
  const withEnv = <Request extends { env?: Record<string, string> }>(request: Request): Request =>
    setup.env ? { ...request, env: { ...setup.env, ...request.env } } : request;
  const processes = processCalls(handles);
  const sockets = { ...tcpCalls(handles, report), ...udpCalls(handles, report) };
  return {
    ...sockets,
    ...clientCalls(sockets, handles),
    ...httpCalls(handles),
    ...stateCalls,
    ...processes,
    processStart: (request) => processes.processStart(withEnv(request)),
    ...captureCalls(handles),
    ...offloadCalls(handles),
    ...diskCalls(handles),
    mark,
    ...patchCalls(() => setup.cutting),
    ...carrierCalls(() => setup.plug),
    impair: (request) => setup.impairing.impair(request),
    relieve: (request) => setup.impairing.relieve(request),
    accountOfCables: () => setup.impairing.accountOfCables(),
    ...processCallsOfProgram,
    skewClock,
    bePatient: async ({ factor }) => bePatient(factor),
    configure: async (wanted) => {
      const { capabilities } = await setup.make(wanted);
      return { capabilities };
    },
    renew: (request) => setup.renew(request),
    leave: ({ card }) => setup.leave(card),
    readdress: (request) => setup.readdress(request),
    serve: ({ networks }) => setup.serving.serve(networks),
    lease: (request) => setup.leases.lease(request),
    release: ({ card }) => setup.leases.release(card),
    writeFile: writeHostFile,
    exec: (request) => exec(withEnv(request), ending.signal),
    close: ({ handle }) => handles.close(handle),
    closeAll: async () => {
      ending.abort();
      await handles.closeAll();
    },
  };
}
