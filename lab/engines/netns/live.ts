/** The hosts of one lab on namespaces, as the command sees them: orders to the lab's first process, and its messages. */
import type { Capabilities } from '../../agent/protocol.ts';
import { LabError } from '../../errors.ts';
import type { CommandCalls, Part } from '../../init/calls.ts';
import { materialise } from '../../model/bytes.ts';
import type { Plan, PlannedHost } from '../../model/planned.ts';
import { FILE_MODE } from '../../model/types.ts';
import { putCablesAhead } from '../ahead.ts';
import type { LiveNetwork, ProgramEnd, ProgramOutput, RunningProgram } from '../engine.ts';
import { exitOf } from '../exit.ts';
import { fewDescriptors, tooFew } from '../few-descriptors.ts';
import { hostSetup } from '../host-setup.ts';
import { LineSplitter } from '../lines.ts';
import { settingError } from '../refused-setting.ts';
import type { Holder } from './hold.ts';
import { Groups } from './processor.ts';
import { programOrder } from './program.ts';

/** The messages of the first process, each handed to the run or the agent that it is about. */
export class InitNews {
  readonly #runs = new Map<number, { lines: Lines; ended: (end: ProgramEnd) => void }>();
  readonly #agents = new Map<number, (words: string, few: boolean) => void>();

  run(number: number, output: ProgramOutput, ended: (end: ProgramEnd) => void): void {
    const lines = { stdout: new LineSplitter(output.stdout), stderr: new LineSplitter(output.stderr) };
    this.#runs.set(number, { lines, ended });
  }

  agent(channel: number, ended: (words: string, few: boolean) => void): void {
    this.#agents.set(channel, ended);
  }

  /** Called when frames are carried. */
  carrying: () => void = () => {};

  readonly calls: CommandCalls = {
    output: (run, stream, bytes) => this.#runs.get(run)?.lines[stream].push(bytes),
    ended: (run, exit, signal) => this.#ended(run, exit, signal),
    agentEnded: (channel, words, few) => this.#agents.get(channel)?.(words, few),
    carrying: () => this.carrying(),
  };

  #ended(run: number, exit: number | null, signal: string | null): void {
    const found = this.#runs.get(run);
    this.#runs.delete(run);
    found?.lines.stdout.end();
    found?.lines.stderr.end();
    found?.ended(signal === null ? exitOf(exit) : { exit, signal });
  }

  /** The lab is gone, and with it every program. */
  over(): void {
    for (const run of [...this.#runs.keys()]) this.#ended(run, null, 'SIGKILL');
  }
}

type Lines = Record<'stdout' | 'stderr', LineSplitter>;

export function liveNetwork(
  id: string,
  holder: Holder,
  told: InitNews,
  capabilities: Capabilities,
): LiveNetwork {
  const { init, channels } = holder;
  const groups = new Groups();
  let number = 0;
  holder.child.once('close', () => told.over());
  told.carrying = () => void putCablesAhead(holder.child.pid!).catch(() => {});
  return {
    id,
    settled: {
      capabilities,
      renew: (host, { hostsFile, routes }) => init.renew({ host, hostsFile, routes }),
    },
    stream: (host) => {
      const channel = ++number;
      const stream = channels.channel(channel);
      const fail = (words: string, few = false) =>
        channels.close(
          channel,
          few ? tooFew() : new LabError('agent', `the agent of ${host}: ${words || 'it ended'}`),
        );
      told.agent(channel, fail);
      init
        .agent({ host, channel })
        .catch((error: Error) => fail(error.message, fewDescriptors(error) !== undefined));
      return stream;
    },
    start: async (host, output) => start(holder, told, host, output, ++number, groups),
    add: async (part, { progress, signal }) => {
      progress(`making networks (${part.networks.length}) and hosts (${part.hosts.length})`);
      const names = (items: { name: string }[]) => items.map(({ name }) => name);
      try {
        for (const portion of portionsOf(part)) {
          await init.add(partOf(portion));
          signal.throwIfAborted();
        }
      } catch (error) {
        const going = { hosts: names(part.hosts), networks: names(part.networks) };
        await init.remove(going).catch(() => {});
        throw settingError(error);
      }
    },
    move: ({ host, card, network }) => init.move({ host, card, network }),
    remove: (part) => init.remove(part),
    [Symbol.asyncDispose]: async () => {
      await holder[Symbol.asyncDispose]();
      groups[Symbol.dispose]();
    },
  };
}

/** Bytes of files that go with one call, roughly: the size of a message is limited (lab/agent/framing.ts). */
const PORTION = 16 * 1024 * 1024;

/** Networks come with the first hosts. */
function portionsOf({
  networks,
  hosts,
}: Pick<Plan, 'networks' | 'hosts'>): Pick<Plan, 'networks' | 'hosts'>[] {
  const portions = [{ networks, hosts: [] as PlannedHost[], bytes: 0 }];
  for (const host of hosts) {
    const bytes = host.files.reduce((sum, { content }) => sum + materialise(content).length, 0);
    const last = portions.at(-1)!;
    if (last.bytes > 0 && last.bytes + bytes > PORTION) portions.push({ networks: [], hosts: [host], bytes });
    else {
      last.hosts.push(host);
      last.bytes += bytes;
    }
  }
  return portions;
}

function partOf({ networks, hosts }: Pick<Plan, 'networks' | 'hosts'>): Part {
  const hostsFiles = [...new Set(hosts.map(({ hostsFile }) => hostsFile))];
  const numbers = new Map(hostsFiles.map((text, index) => [text, index]));
  return {
    networks: networks.map(({ name }) => ({ name })),
    hostsFiles,
    hosts: hosts.map((host) => {
      const { hostsFile, ...setup } = hostSetup(host);
      return {
        // A switch need not know the other cards of a network.
        setup: { ...setup, interfaces: setup.interfaces.map((card) => ({ ...card, members: [] })) },
        hostsFile: numbers.get(hostsFile)!,
        interfaces: host.interfaces.map(({ network }) => ({ network })),
        files: host.files.map(({ path, content, mode = FILE_MODE }) => ({
          path,
          bytes: materialise(content),
          mode,
        })),
      };
    }),
  };
}

async function start(
  { init, mode, child }: Holder,
  told: InitNews,
  host: PlannedHost,
  output: ProgramOutput,
  run: number,
  groups: Groups,
): Promise<RunningProgram> {
  const ended = Promise.withResolvers<ProgramEnd>();
  told.run(run, output, ended.resolve);
  await init.start(await programOrder(host, run, mode)).catch((error: unknown) => {
    const few = fewDescriptors(error);
    if (few || error instanceof LabError) throw few ?? error;
    output.stderr((error as Error).message);
    ended.resolve({ exit: 127, signal: null });
  });
  const processes = () => init.processes({ host: host.name });
  const slow = groups.slowing({ ancestor: child.pid!, processes }, ended.promise);
  return { ended: ended.promise, signal: (name) => init.signal({ run, name }), slow };
}
