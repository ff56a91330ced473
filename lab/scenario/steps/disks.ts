/** Which hosts need a disk with a size of its own: those whose disk a step fills. */
import type { Scenario } from '../../model/types.ts';
import type { Vocabulary } from '../vocabulary.ts';

/** The scenario must be sound. */
export function withDisks(scenario: Scenario, vocabulary: Vocabulary): Scenario {
  const hosts = new Map(scenario.hosts.map((host) => [host.name, host]));
  const filled = new Set(
    scenario.steps.map(({ kind, args }) => {
      const word = vocabulary.steps.find((one) => one.word === kind);
      return word?.breaks?.(args, hosts).fills;
    }),
  );
  if (!scenario.hosts.some(({ name }) => filled.has(name))) return scenario;
  const mark = (host: Scenario['hosts'][number]) =>
    filled.has(host.name) ? { ...host, disk: true as const } : host;
  return { ...scenario, hosts: scenario.hosts.map(mark) };
}
