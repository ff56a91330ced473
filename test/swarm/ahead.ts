/**
 * A lab over several machines of which one has a clock that is ahead. The machines of these tests share the clock of one kernel.
 * So its times are moved where they leave the machine: in its answers, in the stamps of its captures, in the events of its programs.
 */
import type { AgentCalls, HostEvent } from '../../lab/agent/protocol.ts';
import { Clocks } from '../../lab/clocks/clocks.ts';
import type { Engine, LiveNetwork, ProgramOutput } from '../../lab/engines/engine.ts';
import { SwarmLab } from '../../lab/engines/swarm/lab.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import type { Plan } from '../../lab/model/planned.ts';

/** Bytes of the head of a pcap file, and of a record before its frame. */
const FILE_HEAD = 24;
const RECORD_HEAD = 16;

/** The engine, and the machine's clock is so many whole seconds ahead. */
export function withClockAhead(engine: Engine, machine: string, seconds: number): Engine {
  return {
    ...engine,
    up: async (plan, options) => {
      const network = await engine.up(plan, options);
      if (!(network instanceof SwarmLab)) throw new Error('this is no lab over several machines');
      return ahead(network, plan, machine, seconds);
    },
  };
}

async function ahead(network: SwarmLab, plan: Plan, machine: string, seconds: number): Promise<LiveNetwork> {
  const machineOf = new Map(plan.hosts.map(({ name, node }) => [name, node!]));
  const clocks = new Clocks(machineOf, async (name) => {
    const { least, most } = await network.timeOf(name);
    const by = name === machine ? seconds * 1e6 : 0;
    return { least: least + by, most: most + by };
  });
  await clocks.ask();
  return {
    id: network.id,
    clocks,
    stream: (host) => network.stream(host),
    start: (host, output) =>
      network.start(host, machineOf.get(host.name) === machine ? printedAhead(output, seconds) : output),
    add: (part, options) => network.add(part, options),
    remove: (part) => network.remove(part),
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

/** The same for the captures of its hosts. */
export function captureAhead(lab: LiveLab, machine: string, seconds: number): void {
  for (const host of lab.hosts.values())
    if (host.plan.node === machine) host.agent = capturedAhead(host.agent, seconds);
}

function printedAhead(output: ProgramOutput, seconds: number): ProgramOutput {
  const moved = (line: string) => {
    if (!line.startsWith('{')) return line;
    const event = JSON.parse(line) as HostEvent;
    const time = new Date(Date.parse(event.time) + seconds * 1000).toISOString();
    return JSON.stringify({ ...event, time });
  };
  return { ...output, stdout: (lines) => output.stdout(lines.split('\n').map(moved).join('\n')) };
}

function capturedAhead(agent: AgentCalls, seconds: number): AgentCalls {
  const files = new Map<string, StampsAhead>();
  const captureRead: AgentCalls['captureRead'] = async (request) => {
    const read = await agent.captureRead(request);
    const file = files.get(request.handle) ?? new StampsAhead(seconds);
    files.set(request.handle, file);
    return { ...read, bytes: file.move(read.bytes) };
  };
  return new Proxy(agent, {
    get: (target, name) => (name === 'captureRead' ? captureRead : Reflect.get(target, name)),
  });
}

/** A pcap file of this machine's byte order, as it comes. Whole records go on. */
class StampsAhead {
  readonly #seconds: number;
  #rest = Buffer.alloc(0);
  #isBegun = false;

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  move(bytes: Uint8Array): Uint8Array {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    let at = 0;
    if (!this.#isBegun && this.#rest.length >= FILE_HEAD) {
      this.#isBegun = true;
      at = FILE_HEAD;
    }
    while (this.#isBegun && this.#rest.length >= at + RECORD_HEAD) {
      const end = at + RECORD_HEAD + this.#rest.readUInt32LE(at + 8);
      if (this.#rest.length < end) break;
      this.#rest.writeUInt32LE(this.#rest.readUInt32LE(at) + this.#seconds, at);
      at = end;
    }
    const whole = this.#rest.subarray(0, at);
    this.#rest = this.#rest.subarray(at);
    return whole;
  }
}
