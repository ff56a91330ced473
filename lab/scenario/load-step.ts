/** One step by itself, for hosts that have been read before: checked as it would be in their scenario. */
import type { Scenario, Step } from '../model/types.ts';
import { SOMEBODY } from '../wire/lines/hint.ts';
import { readSteps } from './steps/steps.ts';
import { throwProblems } from './text/page.ts';
import { openPage } from './text/source.ts';
import { parsePage } from './text/syntax.ts';
import { entriesOf } from './text/tree.ts';
import { movedTopology, NO_TOPOLOGY } from './topology/topology.ts';
import { readBeside } from './values/beside.ts';
import type { Moving, Vocabulary } from './vocabulary.ts';

/**
 * `text` is YAML: `steps:` and a list of one. `name` is what messages call it. Throws one ScenarioErrors that holds every
 * problem found. `moves` are those that stand.
 */
export function loadStep(
  text: string,
  name: string,
  { file, hosts, networks }: Pick<Scenario, 'file' | 'hosts' | 'networks'>,
  vocabulary: Vocabulary,
  moves: readonly Moving[] = [],
): Step {
  const page = openPage(text, name);
  const document = parsePage(page);
  const runs = hosts.find(({ program }) => program)?.name;
  const network = hosts[0]?.networks[0]?.network ?? SOMEBODY.network;
  const [first = SOMEBODY.host, second = first] = hosts.flatMap((one) => (one.name === runs ? [] : one.name));
  page.names = { ...SOMEBODY, host: first, other: runs ?? second, network };
  const home = { ...NO_TOPOLOGY, known: networks, hosts: new Map(hosts.map((host) => [host.name, host])) };
  const topology = movedTopology(home, moves);
  const entry = entriesOf(document.contents)[0]!;
  const [step] = readBeside(file, () => readSteps(page, entry, vocabulary, topology, () => topology));
  throwProblems(page);
  return step!;
}
