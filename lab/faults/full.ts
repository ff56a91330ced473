/** The disk of a host is full: a write in `/srv` or `/tmp` that needs room is refused, for its program and for its commands. */
import { LabError } from '../errors.ts';
import { name } from '../scenario/values/values.ts';
import { type FaultKind, standing } from './fault.ts';

export const full: FaultKind<string> = {
  word: 'full',
  summary:
    'Fills the disk of a host: `/srv` and `/tmp` have no room left (`ENOSPC`). Its files stay as they are.',
  example: 'fault: { full: files, as: full }',
  schema: name.describe('The host whose disk is full.'),
  feature: 'disks',
  references: (host) => [{ path: [], is: 'host', value: host }],
  breaks: (host) => ({
    path: [],
    holds: [`the disk of \`${host}\``],
    state: 'full',
    undo: 'heal',
    fills: host,
  }),
  explain: (host) => `fill the disk of ${host}`,

  async begin(name, hosts) {
    const { agent } = hosts.get(name)!;
    const filled = await agent.fillDisk();
    if (filled === 'shared')
      throw new LabError(
        'unsupported',
        `${name} has no disk of its own: its /srv and /tmp are the machine's`,
        {
          hint: `write a step \`fault: { full: ${name} }\` in the scenario: then it comes up with one`,
        },
      );
    const did = `the disk of ${name} is full: no room in /srv and /tmp`;
    return standing(did, { kind: 'host', host: name, what: 'disk' }, async () => {
      await agent.close(filled);
      return `the disk of ${name} has room again`;
    });
  },
};
