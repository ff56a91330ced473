/** Starts a host's agent: opens its stream, and sets up the host as planned where its engine has not done so. */
import type { BirpcReturn } from 'birpc';
import { openChannel } from '../agent/channel.ts';
import { currentPatience } from '../agent/patience.ts';
import type { AgentCalls, Capabilities, OrchestratorCalls } from '../agent/protocol.ts';
import { hostSetup } from '../engines/host-setup.ts';
import { settingError } from '../engines/refused-setting.ts';
import { isLost, LabError } from '../errors.ts';
import { materialise } from '../model/bytes.ts';
import type { PlannedHost } from '../model/planned.ts';
import { FILE_MODE } from '../model/types.ts';
import type { Around } from './around.ts';
import type { LiveHost } from './host.ts';
import { onOurClock } from './on-our-clock.ts';

/** Bytes of a file that go in one call. */
const PIECE = 4 * 1024 * 1024;

export interface StartedAgent {
  agent: AgentCalls;
  capabilities: Capabilities;
}

/** The host's plan is taken as it is at this moment. */
export async function startAgent(
  { plan, events, clock }: Pick<LiveHost, 'plan' | 'events' | 'clock'>,
  { network, journal, certificates }: Around,
): Promise<StartedAgent> {
  const stream = network.stream(plan.name);
  let reason: Error | undefined;
  stream.once('error', (error) => {
    reason = error;
    if (isLost(error)) events.lose(error);
  });
  const local: OrchestratorCalls = {
    event: (told) => {
      const event = onOurClock(told, clock);
      events.append(event);
      journal.note(plan.name, { event });
    },
    carrying: () => network.carrying?.(plan.name),
  };
  const agent: BirpcReturn<AgentCalls, OrchestratorCalls> = openChannel(stream, local, () =>
    gone(plan.name, reason),
  );
  const factor = currentPatience();
  if (factor !== 1) await agent.bePatient({ factor });
  if (network.settled) return { agent, capabilities: network.settled.capabilities };
  const { capabilities } = await agent.configure(hostSetup(plan)).catch((error) => {
    throw settingError(error);
  });
  const [host] = await certificates.fill([plan]);
  await writeFiles(host!, agent);
  return { agent, capabilities };
}

/** Calls of an agent that is started at the first of them, once; `wake` starts it for calls that are sure to come. */
export function startedLater(start: () => Promise<StartedAgent>): { agent: AgentCalls; wake(): void } {
  let once: Promise<StartedAgent> | undefined;
  const call = (name: string) => async (request: unknown) => {
    once ??= start();
    const { agent } = await once;
    const calls = agent as unknown as Record<string, (request: unknown) => Promise<unknown>>;
    return calls[name]!(request);
  };
  const agent = new Proxy({} as AgentCalls, {
    // It must not look like a promise, so it has no `then`.
    get: (_, name) => (typeof name === 'string' && name !== 'then' ? call(name) : undefined),
  });
  return {
    agent,
    wake: () => {
      once ??= start();
      // The first call gets the error.
      once.catch(() => {});
    },
  };
}

async function writeFiles({ files }: PlannedHost, agent: AgentCalls): Promise<void> {
  for (const { path, content, made, mode = FILE_MODE } of files) {
    const bytes = materialise(content);
    // In a compose file, one process sets up the hosts and another does the steps: the certificates are those of the first.
    const keep = made !== undefined;
    for (let at = 0; at === 0 || at < bytes.length; at += PIECE) {
      await agent.writeFile({ path, bytes: bytes.subarray(at, at + PIECE), append: at > 0, keep, mode });
    }
  }
}

function gone(host: string, reason: Error | undefined): LabError {
  if (isLost(reason)) return reason;
  // An error with the code `machine` keeps this code; after any other, the agent has gone.
  const known = reason instanceof LabError && reason.code === 'machine' ? reason : undefined;
  const message = `the agent of ${host} has gone${reason ? `: ${reason.message}` : ''}`;
  return new LabError(known?.code ?? 'agent', message, { hint: known?.hint });
}
