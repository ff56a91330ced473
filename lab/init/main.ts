/**
 * The first process of a lab on namespaces: process 1 of the lab's own. It makes the hosts, starts their programs and
 * carries their agents, and with it everything of the lab ends. It ends when its input does, however the command ended.
 */
import { Duplex } from 'node:stream';
import { toolPath } from '../agent/capabilities.ts';
import { openChannel } from '../agent/channel.ts';
import { makePipesBy } from '../agent/pipe.ts';
import type { CommandCalls, InitCalls } from './calls.ts';
import { makePipe } from './kernel.ts';
import { Lab } from './lab.ts';
import { Multiplexer } from './multiplex.ts';

process.env.PATH = toolPath();
// What is made here is for programs to read, whatever the caller's own files are to be.
process.umask(0o022);
makePipesBy((bytes) => makePipe(bytes));
const stream = Duplex.from({ readable: process.stdin, writable: process.stdout });
const channels = new Multiplexer(stream);
const lab = new Lab((number) => channels.channel(number), {
  // Answered when the command has taken it: what floods its output waits for its turn like everybody else.
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
