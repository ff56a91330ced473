/** Collects events and waits for one, so that no test sleeps. */
import type { ServiceEvent } from '../../services/events.ts';

export type Match = Readonly<Record<string, unknown>> | ((event: ServiceEvent) => boolean);

export interface Recorder {
  readonly all: ServiceEvent[];
  readonly onEvent: (event: ServiceEvent) => void;
  /** The first event that matches, seen already or still to come. */
  seen(match: Match): Promise<ServiceEvent>;
  /** Those seen by now. */
  matching(match: Match): ServiceEvent[];
}

export function recorder(): Recorder {
  const all: ServiceEvent[] = [];
  const waiting = new Set<{ match: Match; resolve: (event: ServiceEvent) => void }>();
  return {
    all,
    onEvent(event) {
      all.push(event);
      for (const one of waiting) {
        if (!fits(event, one.match)) continue;
        waiting.delete(one);
        one.resolve(event);
      }
    },
    seen(match) {
      const found = all.find((event) => fits(event, match));
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve) => waiting.add({ match, resolve }));
    },
    matching: (match) => all.filter((event) => fits(event, match)),
  };
}

function fits(event: ServiceEvent, match: Match): boolean {
  if (typeof match === 'function') return match(event);
  return Object.entries(match).every(([key, value]) => JSON.stringify(event[key]) === JSON.stringify(value));
}
