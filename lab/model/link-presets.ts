/**
 * Links that have a name: typical numbers of a kind of access or distance, seen from the host. Each says where its numbers
 * are from. The numbers are round: where they matter, an author writes the numbers of the link.
 */
import type { Link } from './link.ts';

export interface Preset {
  link: Link;
  summary: string;
  /** The source of the numbers. */
  source: string;
}

const MEGABIT = 1e6;
const queued = (bits: number, milliseconds: number) => ({ bits, queue: { milliseconds } });
const uniform = (by: number) => ({ by, spread: 'uniform' }) as const;

export const PRESETS = {
  dsl: {
    summary: 'A telephone line: 16 Mbit/s to the host, 1 Mbit/s from it, 15 ms one way.',
    source: 'ITU-T G.992.5 (ADSL2+) at about 2 km of wire, with interleaving.',
    link: {
      out: { delay: 15, rate: queued(1 * MEGABIT, 300) },
      in: { delay: 15, rate: queued(16 * MEGABIT, 100) },
    },
  },
  cable: {
    summary: 'Television cable: 100 Mbit/s to the host, 10 Mbit/s from it, 8 ms one way.',
    source: 'DOCSIS 3.0 as providers sell it; request and grant cost milliseconds on the way out.',
    link: {
      out: { delay: 8, jitter: uniform(2), rate: queued(10 * MEGABIT, 150) },
      in: { delay: 8, rate: queued(100 * MEGABIT, 100) },
    },
  },
  fibre: {
    summary: 'Glass fibre to the home: 500 Mbit/s to the host, 100 Mbit/s from it, 2 ms one way.',
    source: 'ITU-T G.984 (GPON) as providers sell it.',
    link: {
      out: { delay: 2, rate: queued(100 * MEGABIT, 50) },
      in: { delay: 2, rate: queued(500 * MEGABIT, 50) },
    },
  },
  '3g': {
    summary: 'UMTS with HSPA: 7 Mbit/s to the host, 2 Mbit/s from it, 50 ms one way, varying by 15 ms.',
    source: '3GPP release 6 categories; round trips of 100 ms as operators measured them.',
    link: {
      out: { delay: 50, jitter: uniform(15), loss: { rate: 0.005 }, rate: queued(2 * MEGABIT, 400) },
      in: { delay: 50, jitter: uniform(15), loss: { rate: 0.005 }, rate: queued(7 * MEGABIT, 400) },
    },
  },
  lte: {
    summary: 'LTE: 40 Mbit/s to the host, 15 Mbit/s from it, 25 ms one way, varying by 8 ms.',
    source: '3GPP release 8 in a loaded cell; round trips of 50 ms.',
    link: {
      out: { delay: 25, jitter: uniform(8), rate: queued(15 * MEGABIT, 200) },
      in: { delay: 25, jitter: uniform(8), rate: queued(40 * MEGABIT, 200) },
    },
  },
  wifi: {
    summary: 'A wireless LAN in a home: 50 Mbit/s, 2 ms one way, varying by 2 ms, 1 % lost in runs of 3.',
    source: 'IEEE 802.11n through a wall; losses that are left after its own retransmissions.',
    link: {
      both: {
        delay: 2,
        jitter: uniform(2),
        loss: { rate: 0.01, burst: 3 },
        rate: queued(50 * MEGABIT, 100),
      },
    },
  },
  'satellite-geo': {
    summary:
      'A geostationary satellite: 20 Mbit/s to the host, 3 Mbit/s from it, 280 ms one way, 0.5 % lost.',
    source: 'Twice 35,786 km at the speed of light are 239 ms (RFC 2488 section 2), and processing.',
    link: {
      out: { delay: 280, loss: { rate: 0.005 }, rate: queued(3 * MEGABIT, 300) },
      in: { delay: 280, loss: { rate: 0.005 }, rate: queued(20 * MEGABIT, 300) },
    },
  },
  'satellite-leo': {
    summary:
      'A low satellite: 100 Mbit/s to the host, 15 Mbit/s from it, 20 ms one way, varying by 8 ms, 0.5 % lost.',
    source: 'About 550 km up and down and a gateway on the ground; hand-overs cost frames.',
    link: {
      out: {
        delay: 20,
        jitter: uniform(8),
        loss: { rate: 0.005, burst: 5 },
        rate: queued(15 * MEGABIT, 100),
      },
      in: {
        delay: 20,
        jitter: uniform(8),
        loss: { rate: 0.005, burst: 5 },
        rate: queued(100 * MEGABIT, 100),
      },
    },
  },
  transatlantic: {
    summary: 'Europe to the east of North America: 40 ms one way.',
    source: 'About 7,500 km of fibre at two thirds of the speed of light, and equipment.',
    link: { both: { delay: 40 } },
  },
  transpacific: {
    summary: 'East Asia to the west of North America: 65 ms one way.',
    source: 'About 11,000 km of fibre at two thirds of the speed of light, and equipment.',
    link: { both: { delay: 65 } },
  },
} as const satisfies Record<string, Preset>;
