/** Claims as text for a person: the steps that show them, and the findings of their controls. */
import { showTime } from '../outcomes/show.ts';
import { type Paint, painter } from '../reports/paint.ts';
import { hanging, oneLine, plural, wrap } from '../reports/printable.ts';
import type { TextOptions } from '../reports/text.ts';
import type { Finding } from './false-world.ts';
import type { Listed } from './listing.ts';
import type { ClaimVerdict, Tried } from './prove.ts';
import { type Proved, shownOf } from './proved.ts';
import { type Claim, GROUPS } from './table.ts';

const WIDTH = 110;

export function listingText(listed: readonly Listed[], options: TextOptions): string {
  const blocks = listed.map(({ claim, by }) => ({
    claim,
    lines: by.map(({ scenario, step, controls }) => {
      const count = controls.length === 0 ? 'no control' : plural(controls.length, 'control');
      return `${scenario.file}, step ${step.index}: ${step.name ?? step.kind} (${count})`;
    }),
  }));
  const shown = listed.filter(({ by }) => by.length > 0).length;
  const none = listed.length - shown;
  return `${grouped(blocks, options)}\n${shown} with a step that shows them, ${none} with none\n`;
}

export function proofText(proved: Proved, options: TextOptions): string {
  const paint = painter(options);
  const blocks = proved.proofs.map(({ claim, verdict, by }) => ({
    claim,
    mark: paint(verdict === 'shown' ? 'green' : 'red', markOf(verdict)),
    lines: by.filter(worthALine).flatMap((tried) => linesOf(tried, paint)),
  }));
  return `${grouped(blocks, options)}\n${sumText(proved)}\n`;
}

/** `52 shown, 4 not, on netns (163 labs, 328 s)` */
function sumText({ proofs, engine, labs, took }: Proved): string {
  const shown = shownOf(proofs);
  const tried = `${plural(labs, 'lab')}, ${showTime(took)}`;
  return `${shown} shown, ${proofs.length - shown} not, on ${engine} (${tried})`;
}

function markOf(verdict: ClaimVerdict): string {
  return verdict === 'shown' ? 'shown' : `not shown: ${verdict}`;
}

/** Steps without a control prove nothing, and are in the listing. */
function worthALine({ findings, untrue }: Tried): boolean {
  return findings.length > 0 || untrue !== undefined;
}

function linesOf({ file, step, name, untrue, findings }: Tried, paint: Paint): string[] {
  return [
    `${file}, step ${step}: ${name}`,
    ...(untrue === undefined ? [] : [paint('red', `  it does not hold: ${oneLine(untrue)}`)]),
    ...findings.map((finding) => {
      const line = `  control at line ${finding.line}: ${findingText(finding)}`;
      return finding.how === 'as foretold' ? line : paint('red', line);
    }),
  ];
}

function findingText(finding: Finding): string {
  switch (finding.how) {
    case 'as foretold':
      return oneLine(`${finding.check}: ${finding.found}`);
    case 'held':
      return 'held, although the claim was false';
    case 'otherwise':
      return oneLine(`failed otherwise: found ${finding.found}, instead of ${finding.foretold}`);
    default:
      return oneLine(`not tried: ${finding.why}`);
  }
}

interface Block {
  claim: Claim;
  mark?: string;
  lines: string[];
}

function grouped(blocks: readonly Block[], options: TextOptions): string {
  const paint = painter(options);
  const width = Math.max(options.width ?? WIDTH, 40);
  return Object.entries(GROUPS)
    .map(([group, title]) => ({ title, own: blocks.filter(({ claim }) => claim.group === group) }))
    .filter(({ own }) => own.length > 0)
    .map(({ title, own }) => {
      const lines = own.flatMap(({ claim, mark, lines: below }) => [
        ...hanging(paint('bold', claim.id.padEnd(5)), 5, claim.says, width),
        ...(mark === undefined ? [] : [`     ${mark}`]),
        ...below.flatMap((line) => wrap(line, width - 5).map((part) => `     ${part}`)),
      ]);
      return `${paint('bold', title)}\n${lines.map((line) => `${line}\n`).join('')}`;
    })
    .join('\n');
}
