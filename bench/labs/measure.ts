/** Measures one row: whatever happens becomes an outcome, but for the end of the whole bench. */
import type { Result } from './results.ts';
import { OursFailed, PeerFailed, type Row, type Setting } from './row.ts';

export async function measure(row: Row, setting: Setting, commit: string): Promise<Result> {
  const { name, against, limit, sense, unit } = row;
  const when = new Date().toISOString();
  const outcome = await outcomeOf(row, setting);
  return {
    name,
    what: row.what(setting),
    ...(against && { against: against(setting) }),
    limit,
    sense,
    unit,
    when,
    commit,
    scale: setting.scale,
    outcome,
  };
}

async function outcomeOf(row: Row, setting: Setting): Promise<Result['outcome']> {
  const why = await row.lacking(setting);
  if (why !== undefined) return { kind: 'left out', why };
  try {
    const { pairs, notes = [] } = await row.run(setting);
    return { kind: 'measured', pairs, notes };
  } catch (error) {
    setting.commands.signal.throwIfAborted();
    if (error instanceof OursFailed) return { kind: 'failed', why: error.message };
    if (error instanceof PeerFailed) return { kind: 'void', why: error.message };
    throw error;
  }
}
