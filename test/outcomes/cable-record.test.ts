/** Who is asked what cables did, and how an answer that does not come is told from a bug. */
import { expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { LabError } from '../../lab/errors.ts';
import type { LiveHost } from '../../lab/live/host.ts';
import { CableRecord } from '../../lab/outcomes/cable-record.ts';
import { hostOf, labOf, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

const LAB = `
lab: record
networks: { lan: { subnet: 10.154.1.0/24, link: { loss: 100% } } }
hosts: { alice: { networks: [lan] }, bob: { networks: [lan] } }
`;

const engine = netnsEngine();
const { lacking } = await engine.probe();

describeNeeding(engine.name, lacking && `${lacking.why}; ${lacking.hint}`, 'what cables did', () => {
  test('is kept with the host and the card; who refuses has told nothing, and a bug is a bug', async () => {
    await using lab = await labOf(engine, LAB);
    const record = new CableRecord(lab.hosts, []);
    await shell(hostOf(lab, 'alice'), 'ping -c1 -W0.1 10.154.1.2 || true');
    await record.ask();
    expect(record.verdicts.map(({ host, card, why }) => [host, card, why])).toContainEqual([
      'alice',
      'eth0',
      'loss',
    ]);
    const [first] = record.verdicts;
    expect(record.impairerOf(first!)?.by).toEqual({ link: 'lan' });

    const asked = (error: Error) => {
      const alice = hostOf(lab, 'alice');
      const agent = { ...alice.agent, accountOfCables: () => Promise.reject(error) };
      const hosts = new Map<string, LiveHost>([['alice', { ...alice, plan: alice.plan, agent } as LiveHost]]);
      return new CableRecord(hosts, []).ask();
    };
    await expect(asked(new LabError('agent', 'it has ended'))).resolves.toBeUndefined();
    await expect(asked(new TypeError('planted'))).rejects.toThrow('planted');
  });
});
