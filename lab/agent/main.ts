/**
 * The agent as a program: calls come in over standard input, answers and events go out over standard output.
 * The end of input is the end of the lab: it closes everything and ends.
 */
import { Duplex } from 'node:stream';
import type { Agent } from './agent.ts';
import { createAgent } from './agent.ts';
import { toolPath } from './capabilities.ts';
import { openChannel } from './channel.ts';
import type { HostEvent, OrchestratorCalls } from './protocol.ts';

process.env.PATH = toolPath();
const stream = Duplex.from({ readable: process.stdin, writable: process.stdout });
const agent: Agent = createAgent((event: HostEvent) => void rpc.event.asEvent(event));
const rpc = openChannel<OrchestratorCalls, Agent>(stream, agent);

const end = () => process.exit(0);
process.stdin.once('end', end).once('close', end);
process.stdout.once('error', end);
// A terminal's Ctrl-C is the orchestrator's business: it takes the lab down in order.
process.on('SIGINT', () => {});
