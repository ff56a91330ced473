/** A setting that a kernel does not take is a mistake of the scenario: the error names its host, and nothing stays. */
import { expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { describeNeeding } from '../needs.ts';

const engine = netnsEngine();
const { lacking } = await engine.probe();

function runWith(sysctl: string) {
  const text = `
lab: setting
networks: { lan: 10.93.141.0/24 }
hosts: { alice: { networks: { lan: 10.93.141.21 }, sysctls: { ${sysctl} } } }
steps: [{ at: alice, exec: "true" }]
`;
  const scenario = loadScenario(text, 'setting.yaml', vocabulary);
  return runScenario(scenario, { engine, signal: new AbortController().signal });
}

describeNeeding(engine.name, lacking && `${lacking.why}; ${lacking.hint}`, 'a setting', () => {
  test.for([
    ['net.ipv4.nonsense: 1', 'this kernel has no setting of that name (ENOENT)'],
    ['net.ipv4.conf.eth0.nonsense: 1', 'this kernel has no setting of that name (ENOENT)'],
    ['net.ipv4.ip_forward: many', 'the kernel does not take that value (EINVAL)'],
  ])('%s is refused with its reason', async ([sysctl, reason]) => {
    await expect(runWith(sysctl!)).rejects.toMatchObject({
      name: 'LabError',
      code: 'scenario',
      message: expect.stringMatching(/^alice: the sysctl \S+ cannot be set to \w+: /),
    });
    await expect(runWith(sysctl!)).rejects.toThrow(reason!);
  });
});
