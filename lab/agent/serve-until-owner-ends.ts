/** The agent over its own standard streams: the end of input closes everything and ends the process. */
import { Duplex } from 'node:stream';
import { type Agent, createAgent } from './agent.ts';
import { openChannel } from './channel.ts';
import { boundedReport } from './event-queue.ts';
import type { OrchestratorCalls } from './protocol.ts';
import { Setup } from './setup.ts';

/** Milliseconds in which everything must be closed; the kernel closes the rest. */
const IN_ORDER = 1_000;

export function serveUntilOwnerEnds(): void {
  const setup = new Setup();
  setup.carrying = () => void rpc.carrying.asEvent();
  const agent: Agent = createAgent(
    boundedReport((event) => rpc.event.asEvent(event)),
    setup,
  );
  const stream = Duplex.from({ readable: process.stdin, writable: process.stdout });
  const rpc = openChannel<OrchestratorCalls, Agent>(stream, agent);

  const exit = () => process.exit();
  const end = () => {
    setTimeout(exit, IN_ORDER);
    void agent.closeAll().finally(exit);
  };
  process.stdin.once('end', end).once('close', end);
  process.stdout.on('error', end);
  process.once('SIGTERM', end);
  // A terminal's Ctrl-C is the orchestrator's business: it takes the lab down in order.
  process.on('SIGINT', () => {});

  stream.once('error', (error: NodeJS.ErrnoException) => {
    // An orchestrator that has gone is the ordinary end; anything else is told on standard error.
    if (error.code === undefined) {
      process.exitCode = 1;
      process.stderr.write(`${error.message}\n`);
    }
    end();
  });
}
