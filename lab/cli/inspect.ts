/** `lanlab inspect [LAB]`: the plan of a lab, and the state that its hosts' own kernels tell. */
import { connectOwner } from '../daemon/client.ts';
import { oneLab } from '../daemon/find.ts';
import { jsonText } from '../reports/for-terminal.ts';
import { inspectionText } from './inspection.ts';
import { labsUp } from './labs.ts';
import { tell } from './say.ts';
import { coloured } from './terminal.ts';

export async function inspect(word: string | undefined, json: boolean): Promise<void> {
  const found = oneLab(word, await labsUp());
  using owner = await connectOwner(found);
  const { state, plan } = await owner.calls.describe();
  const hosts = await owner.calls.inspect();
  const { version: _, ...lab } = state;
  tell(
    json
      ? `${jsonText({ ...lab, owner: lab.owner.pid, plan, hosts }, 2)}\n`
      : inspectionText({ state, plan, hosts }, { colour: coloured(process.stdout) }),
  );
}
