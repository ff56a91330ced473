/** The reference of this very command and vocabulary: one page for each word, and the pages that lead there. */
import { controlForm } from '../scenario/controls/control-form.ts';
import { scenarioJsonSchema } from '../scenario/json-schema.ts';
import { expectations, faults, steps, vocabulary } from '../vocabulary.ts';
import { makeProgram } from './program.ts';
import { commandsPage } from './reference/commands.ts';
import type { Json } from './reference/form.ts';
import { controlsPage, hostsPage, indexPage, type Tables } from './reference/index.ts';
import { linkPage } from './reference/link.ts';
import { wireTables } from './reference/messages.ts';
import { programsPage } from './reference/programs.ts';
import { type Word, wordPage } from './reference/word.ts';

/** Every page by its path below `docs/`. */
export function referencePages(): Map<string, string> {
  const tables = tablesOf();
  const words = (list: readonly Word[], kind: string) =>
    list.map((word): [string, string] => {
      const more = word.word === 'wire' ? wireTables() : [];
      return [`reference/${word.word}.md`, wordPage(word, kind, more)];
    });
  return new Map([
    ['reference.md', indexPage(tables)],
    ['reference/hosts.md', hostsPage(tables)],
    ['reference/link.md', linkPage(tables.scenario.properties!.networks!.additionalProperties as Json)],
    ['reference/controls.md', controlsPage(tables)],
    ['reference/programs.md', programsPage()],
    ['reference/commands.md', commandsPage(makeProgram(() => {}))],
    ...words(tables.steps, 'steps'),
    ...words(tables.faults, 'faults, the words under [`fault:`](fault.md)'),
    ...words(tables.expectations, 'expectations'),
  ]);
}

/** The words of a scenario and the schemas of everything around them. */
export function tablesOf(): Tables {
  return {
    ...({ steps, faults, expectations } as unknown as Pick<Tables, 'steps' | 'faults' | 'expectations'>),
    control: controlForm,
    scenario: scenarioJsonSchema(vocabulary) as Tables['scenario'],
  };
}
