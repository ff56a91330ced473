/** The common part of all five programs: events as lines, SIGTERM and SIGINT as a graceful end, a failed start as one line. */
import { type Environment, StartError } from './environment.ts';
import { type EventLines, eventLines } from './event-lines.ts';
import { type EventLevel, type EventSink, emitter, type Listening } from './events.ts';
import { eventsFile } from './events-file.ts';

/** Milliseconds in which work that is under way may finish once a program is asked to stop. */
export const GRACE_MS = 2000;

export interface ServiceOptions {
  /** Literal addresses; `::` is every address of both families, `0.0.0.0` every IPv4 one. Default `['::']`. */
  readonly hosts?: readonly string[];
  /** Default `messages`. */
  readonly events?: EventLevel;
  /** Where events go. Default: nowhere. */
  readonly onEvent?: EventSink;
}

export interface Service {
  /** Where it listens now. A UDP program follows the host's addresses, so this can change. */
  readonly addresses: readonly Listening[];
  /** Stops accepting, lets work that is under way finish for `graceMs` (default 2000), then ends the rest. */
  close(graceMs?: number): Promise<void>;
}

/** Runs a program: `start` turns the environment into a service. Ends the process with 0, or 1 if it cannot start. */
export async function serve(
  name: string,
  start: (env: Environment, onEvent: EventSink) => Promise<Service>,
): Promise<void> {
  const printed = eventLines(process.stdout);
  let recorded: EventLines | undefined;
  const fail = (why: string) => {
    process.stderr.write(`${name}: ${why}\n`);
    process.exit(1);
  };
  // From the first moment: as process 1 of a container Node would otherwise not hear SIGTERM at all.
  const stop = signalled();
  try {
    recorded = eventsFile(process.env, fail);
    const service = await start(process.env, {
      event(event) {
        printed.event(event);
        recorded?.event(event);
      },
      message(message) {
        printed.message(message);
        recorded?.message(message);
      },
    });
    await stop;
    await service.close(GRACE_MS);
    await Promise.all([printed.flush(500), recorded?.flush(500)]);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    // A reader of the file does not see standard error, nor that we end.
    emitter('messages', recorded).emit({
      event: 'failed',
      text: error.message,
    });
    await recorded?.flush(500);
    fail(error.message);
  }
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGTERM', () => resolve());
    process.on('SIGINT', () => resolve());
  });
}

/** Several services as one, for a program with more than one port. If one fails to start, the others are closed. */
export async function together(starting: readonly Promise<Service>[]): Promise<Service> {
  const settled = await Promise.allSettled(starting);
  const services = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(services.map((service) => service.close(0)));
    throw failed.reason;
  }
  return {
    get addresses() {
      return services.flatMap((service) => service.addresses);
    },
    async close(graceMs) {
      await Promise.all(services.map((service) => service.close(graceMs)));
    },
  };
}

/** Why a port could not be taken, as one line with the hint. `setting` is the variable that chooses the port. */
export function cannotListen(error: unknown, where: Listening, setting: string): StartError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  const place = `${where.transport} port ${where.port} of ${where.address}`;
  return new StartError(`cannot listen on ${place}: ${reason(code, setting)}`, { cause: error });
}

function reason(code: string, setting: string): string {
  if (code === 'EADDRINUSE')
    return `the port is in use (${code}). Stop the program that has it, or choose another with ${setting}.`;
  if (code === 'EACCES' || code === 'EPERM')
    return (
      `not permitted (${code}). Choose a port from 1024 with ${setting}, ` +
      'or allow it with sysctl net.ipv4.ip_unprivileged_port_start=0.'
    );
  if (code === 'EADDRNOTAVAIL')
    return `this host does not have the address (${code}). Set HOST to one it has, or leave HOST out for all.`;
  return `${code}. Check HOST and ${setting}.`;
}
