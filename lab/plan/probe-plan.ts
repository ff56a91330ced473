/** The smallest possible plan: one host on one network, to find out what an engine can do. */

import type { Plan } from '../model/planned.ts';
import { planScenario } from './plan.ts';

export function probePlan(subnet = '10.255.254.0/29'): Plan {
  const where = { file: 'probe', line: 1, column: 1 };
  return planScenario({
    file: 'probe',
    lab: 'probe',
    networks: [{ name: 'wire', subnets: [subnet], where }],
    hosts: [
      { name: 'probe', networks: [{ network: 'wire', addresses: [], where }], files: [], sysctls: {}, where },
    ],
    steps: [],
  });
}
