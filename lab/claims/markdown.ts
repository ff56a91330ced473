/** The table of claims as a page: docs/claims.md, and `lanlab claims --markdown`. */
import type { Listed } from './listing.ts';
import { GROUPS } from './table.ts';

/** `link` turns the name of a scenario's file into the text on the page; by default the name itself. */
export function claimsPage(
  listed: readonly Listed[],
  link: (file: string) => string = (file) => file,
): string {
  const parts = Object.entries(GROUPS).flatMap(([group, title]) => {
    const own = listed.filter(({ claim }) => claim.group === group);
    return own.length === 0 ? [] : [`## ${title}`, tableOf(own, link)];
  });
  const shown = listed.filter(({ by }) => by.some(({ controls }) => controls.length > 0)).length;
  return `${[HEAD, `${shown} of ${listed.length} have a control.`, ...parts].join('\n\n')}\n`;
}

const HEAD = `# Every claim, and what shows it

Made by \`npm run docs\` from the scenarios. A step shows a claim if the step fails where the claim is false.
A **control** does the same steps in a world where the claim is false. It says what the step must find there.
\`lanlab claims --prove\` runs all controls.
Steps with a control are in bold.`;

function tableOf(listed: readonly Listed[], link: (file: string) => string): string {
  const rows = listed.map(({ claim, by }) => `| ${claim.id} | ${claim.says} | ${byFile(by, link) || '–'} |`);
  return ['| | claim | shown by |', '|---|---|---|', ...rows].join('\n');
}

function byFile(by: Listed['by'], link: (file: string) => string): string {
  const files = Map.groupBy(by, ({ scenario }) => scenario.file);
  return [...files]
    .map(([file, showings]) => {
      const steps = showings.map(({ step, controls }) =>
        controls.length > 0 ? `**${step.index}**` : `${step.index}`,
      );
      return `${link(file)} ${steps.join(', ')}`;
    })
    .join('<br>');
}
