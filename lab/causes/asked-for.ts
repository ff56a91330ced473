/** The local address and port that a step asked its own host for. */
import type { Family } from '../scenario/address.ts';
import type { Evidence } from './evidence.ts';

export interface Own {
  transport: 'tcp' | 'udp';
  /** Absent for every address, or whichever the route gives. */
  address: string | undefined;
  /** 0 for any. */
  port: number;
}

interface Asking {
  from?: unknown;
  tcp?: unknown;
  udp?: unknown;
  family?: Family;
}

/** Undefined where it asked for none. */
export function own({ step, context }: Evidence): Own | undefined {
  const { from, tcp, udp, family } = (step.args ?? {}) as Asking;
  const listens = step.kind === 'listen';
  const written = listens ? (tcp ?? udp) : from;
  const transport = (listens ? udp !== undefined : step.kind === 'udp') ? 'udp' : 'tcp';
  if (typeof written === 'number') return { transport, address: undefined, port: written };
  if (typeof written !== 'string') return undefined;
  return { transport, ...context.resolve(written, undefined, family) };
}
