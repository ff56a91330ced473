/** The first part of every command that deals with labs that are up. */
import type { LabState } from '../daemon/state.ts';
import { type Swept, sweepStates } from '../daemon/sweep.ts';
import { note } from './say.ts';

/** The labs that are up. It removes the remains of killed ones on the way, and says so on standard error. */
export async function labsUp(): Promise<LabState[]> {
  const swept = await sweepStates();
  note(sweptText(swept));
  return swept.labs;
}

export function sweptText({ removed, remaining }: Pick<Swept, 'removed' | 'remaining'>): string {
  const lines = [
    ...removed.map(({ id }) => `removed what ${id} had left: its process had ended`),
    ...remaining.map(({ lab, why }) => `the remains of ${lab.id} cannot be removed yet: ${why}`),
  ];
  return lines.map((line) => `lanlab: ${line}\n`).join('');
}

/** How to get into a lab that is up, and how to take it down. `others`: more labs are up, so it must be named. */
export function entryText({ id, hosts }: LabState, others: boolean): string {
  const host = (hosts.find(({ program }) => !program) ?? hosts[0])?.name ?? 'HOST';
  const lab = others ? ` --lab ${id}` : '';
  const ways = [
    ['run a command', `lanlab exec ${host}${lab} -- ip address`],
    ['get a shell', `lanlab shell ${host}${lab}`],
    ['see what they say', `lanlab logs -f${lab}`],
    ['take it down', `lanlab down${others ? ` ${id}` : ''}`],
  ];
  return ways.map(([what = '', how]) => `  ${what.padEnd(18)} ${how}\n`).join('');
}
