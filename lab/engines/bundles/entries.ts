/** The programs that engines bring into hosts, each as one self-contained file. A further program needs only a row here. */

/** By name: the source that it starts with, from the top of the package. All bundles lie beside each other, as `NAME.mjs`. */
export const ENTRIES = {
  agent: 'lab/agent/main.ts',
  init: 'lab/init/main.ts',
  'agent-thread': 'lab/init/agent-thread.ts',
  'cable-thread': 'lab/agent/cable/thread.ts',
  keeper: 'lab/keeper/main.ts',
  gate: 'lab/keeper/gate.ts',
  'tcp-echo': 'services/tcp-echo/main.ts',
  'udp-echo': 'services/udp-echo/main.ts',
  time: 'services/time/main.ts',
  files: 'services/files/main.ts',
  chat: 'services/chat/main.ts',
  health: 'services/health.ts',
} as const satisfies Record<string, string>;

export type BundleName = keyof typeof ENTRIES;

/** Packages that stay outside, since they bring machine code: a bundle that needs one must have it beside it. */
export const EXTERNAL = ['koffi'];
