/**
 * The first process of a lab on namespaces: process 1 of the lab's own process namespace. It makes the hosts, starts their
 * programs and carries their agents. When it ends, everything of the lab ends. It ends when its input ends, so also when the
 * command was killed.
 */
import { Duplex } from 'node:stream';
import { toolPath } from '../agent/capabilities.ts';
import { openChannel } from '../agent/channel.ts';
import { makePipesBy } from '../agent/pipe.ts';
import { startToolsBy } from '../agent/spawn.ts';
import type { CommandCalls, InitCalls } from './calls.ts';
import { makePipe } from './kernel.ts';
import { Lab } from './lab.ts';
import { Multiplexer } from './multiplex.ts';
import { startTool } from './tool-process.ts';

process.env.PATH = toolPath();
// Programs must be able to read the files that are made here, whatever mask the caller has.
process.umask(0o022);
makePipesBy((bytes) => makePipe(bytes));
startToolsBy(startTool);
const stream = Duplex.from({ readable: process.stdin, writable: process.stdout });
const channels = new Multiplexer(stream);
const lab = new Lab((number) => channels.channel(number), {
  // Resolves when the command has taken the output: a program that floods its output waits for its turn.
  output: (...args) => command.output(...args),
  ended: (...args) => command.ended.asEvent(...args),
  agentEnded: (...args) => command.agentEnded.asEvent(...args),
  carrying: () => command.carrying.asEvent(),
});
const command = openChannel<CommandCalls, InitCalls>(channels.channel(0), lab.calls);

const exit = () => process.exit();
process.stdin.once('end', exit).once('close', exit);
process.stdout.on('error', exit);
stream.on('error', exit);
// A terminal's Ctrl-C is the command's business: it takes the lab down in order.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});
