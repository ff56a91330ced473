/** `lanlab engines`: the engines that answer here, what each can do, and how to get a missing one. */
import type { Capabilities } from '../agent/protocol.ts';
import type { Engine, EngineReport } from '../engines/engine.ts';
import { probeEngines } from '../engines/index.ts';
import { bringUp } from '../live/up.ts';
import { FASTEST } from '../model/link.ts';
import { probePlan } from '../plan/probe-plan.ts';
import { type EngineRow, enginesText } from '../reports/engines.ts';
import { jsonText } from '../reports/for-terminal.ts';
import { sayWaiting, tell } from './say.ts';
import { coloured, interruption } from './terminal.ts';

/** The exit code: 3 where no engine answers. */
export async function engines(json: boolean): Promise<number> {
  using interrupted = interruption();
  const rows: EngineRow[] = [];
  for (const { engine, report } of await probeEngines(sayWaiting))
    rows.push(await row(engine, report, interrupted.signal));
  const text = json ? `${jsonText(rows, 2)}\n` : enginesText(rows, { colour: coloured(process.stdout) });
  tell(text);
  return rows.some(({ report }) => !report.lacking) ? 0 : 3;
}

/** Finds out what an engine can do: one host is brought up and asked. */
async function row(engine: Engine, report: EngineReport, signal: AbortSignal): Promise<EngineRow> {
  if (report.lacking) return { report };
  try {
    await using lab = await bringUp(probePlan(), engine, { progress: () => {}, signal });
    const [host] = lab.hosts.values();
    const capabilities = host!.capabilities as Capabilities;
    const carries = capabilities.frames === true && capabilities.patch === true;
    return { report, capabilities, ...(carries && { fastest: FASTEST }) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { report: { ...report, lacking: { why: (error as Error).message, hint: 'see above' } } };
  }
}
