/** One step by itself, for hosts that have been read before: checked as it would be in their scenario. */
import type { Host, Step } from '../model/types.ts';
import { SOMEBODY } from '../wire/lines/hint.ts';
import { readSteps } from './steps/steps.ts';
import { throwProblems } from './text/page.ts';
import { openPage } from './text/source.ts';
import { parsePage } from './text/syntax.ts';
import { entriesOf } from './text/tree.ts';
import { NO_TOPOLOGY } from './topology/topology.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * `text` is YAML: `steps:` and a list of one. `name` is what messages call it. Throws one ScenarioErrors that holds every
 * problem found.
 */
export function loadStep(text: string, name: string, hosts: readonly Host[], vocabulary: Vocabulary): Step {
  const page = openPage(text, name);
  const document = parsePage(page);
  const runs = hosts.find(({ program }) => program)?.name;
  const network = hosts[0]?.networks[0]?.network ?? SOMEBODY.network;
  const [first = SOMEBODY.host, second = first] = hosts.flatMap((one) => (one.name === runs ? [] : one.name));
  page.names = { ...SOMEBODY, host: first, other: runs ?? second, network };
  const topology = { ...NO_TOPOLOGY, hosts: new Map(hosts.map((host) => [host.name, host])) };
  const [step] = readSteps(page, entriesOf(document.contents)[0]!, vocabulary, topology, () => topology);
  throwProblems(page);
  return step!;
}
