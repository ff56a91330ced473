/** The table of engines for a person. */
import { CAPABILITIES, type Capabilities, type Capability } from '../agent/protocol.ts';
import type { EngineReport } from '../engines/engine.ts';
import { printRate } from '../model/link-words.ts';
import { painter } from './paint.ts';
import type { TextOptions } from './text.ts';

export interface EngineRow {
  report: EngineReport;
  /** Absent where the engine does not answer. */
  capabilities?: Capabilities;
  /** Of its cables in bits a second: the most that a link may be asked for; absent where none can be carried. */
  fastest?: number;
}

/** The use of each capability. */
export const CAPABILITY_MEANING: Record<Capability, string> = {
  patch: 'faults on the cable, nothing on the wire but the lab (nft)',
  offload: 'right checksums in captures (ethtool)',
  frames: 'links, and faults that impair frames (koffi, packet sockets)',
  capture: 'captures inside a host (tcpdump)',
  ping: 'the step `ping`',
  sockets: 'socket tables (ss)',
  lease: 'a host that asks for its address, on networks with `dhcp` (udhcpc)',
  serve: 'a host that serves `dhcp` or `dns` (dnsmasq)',
};

export function enginesText(rows: readonly EngineRow[], options: TextOptions): string {
  const paint = painter(options);
  const missing = (why: string, hint: string) => [
    `      why   ${why}`,
    `      hint  ${hint.replaceAll('\n', '\n            ')}`,
  ];
  const lines = rows.flatMap(({ report, capabilities, fastest }) => {
    const { name, version, lacking } = report;
    if (lacking)
      return [
        `${paint('red', '✗')} ${paint('bold', name)} does not answer`,
        ...missing(lacking.why, lacking.hint),
      ];
    const able = CAPABILITIES.flatMap((capability) => {
      const state = capabilities?.[capability] ?? true;
      const text = `${capability.padEnd(8)} ${paint('dim', CAPABILITY_MEANING[capability])}`;
      const rate =
        capability === 'frames' && fastest !== undefined
          ? [`      rate  of a link, up to ${printRate(fastest)}`]
          : [];
      if (state === true) return [`    ${paint('green', '✓')} ${text}`, ...rate];
      return [`    ${paint('yellow', '-')} ${text}`, ...missing(state.why, state.hint)];
    });
    return [`${paint('green', '✓')} ${paint('bold', name)}  ${version ?? ''}`, ...nodesOf(report), ...able];
  });
  return `${lines.join('\n')}\n`;
}

/** The machines of an engine of several. */
function nodesOf({ nodes = [], leftOut = [] }: EngineReport): string[] {
  return [
    ...nodes.map(
      ({ name, version, cores, memory }) =>
        `    ${name}  Docker ${version}, ${cores} cores, ${Math.round(memory / 1024 ** 3)} GiB`,
    ),
    ...(leftOut.length > 0 ? [`    left out: ${leftOut.join(', ')}`] : []),
  ];
}
