/** Which hosts need a disk with a size of its own: those whose disk a step fills. */
import type { Control, Host, Scenario, Step } from '../../model/types.ts';
import type { Vocabulary } from '../vocabulary.ts';

/** The scenario must be sound. */
export function withDisks(scenario: Scenario, vocabulary: Vocabulary): Scenario {
  const worlds = scenario.steps.flatMap(({ controls = [] }) => controls);
  const changed = ({ hosts, ...control }: Control): Control => ({
    ...control,
    ...(hosts && { hosts: marked(hosts, control.steps, vocabulary) }),
  });
  const steps = scenario.steps.map((step) =>
    step.controls ? { ...step, controls: step.controls.map(changed) } : step,
  );
  const all = [...steps, ...worlds.flatMap((world) => world.steps)];
  return { ...scenario, hosts: marked(scenario.hosts, all, vocabulary), steps };
}

function marked(hosts: Host[], steps: readonly Step[], vocabulary: Vocabulary): Host[] {
  const known = new Map(hosts.map((host) => [host.name, host]));
  const filled = new Set(
    steps.map(({ kind, args }) => {
      const word = vocabulary.steps.find((one) => one.word === kind);
      return word?.breaks?.(args, known).fills;
    }),
  );
  return hosts.map((host) => (filled.has(host.name) ? { ...host, disk: true } : host));
}
