/** The last look at what goes to a terminal or into the log of a CI runner: only colours of ours do anything there. */
import { UNPRINTABLE, visible } from '../visible.ts';

/** What the reports' colours are made of (ECMA-48, SGR): reset, bold, faint and their end, colours of letters and theirs. */
const ESC = '\x1b';
const COLOUR = new RegExp(`(${ESC}\\[(?:[012]|22|3[0-79])m)`);
const COLOURS_FIRST = new RegExp(`^(?:${ESC}\\[\\d*m)*`);

export interface Reader {
  /** Colours are ours, and stay. */
  colour: boolean;
  /** It takes lines as commands: GitHub Actions and its kin, Azure Pipelines, TeamCity. */
  runner: boolean;
}

/** Which runners say so in their environment. */
export function isRunner(env: NodeJS.ProcessEnv): boolean {
  return ['GITHUB_ACTIONS', 'GITEA_ACTIONS', 'FORGEJO_ACTIONS', 'TF_BUILD', 'TEAMCITY_VERSION'].some(
    (name) => env[name] !== undefined && env[name] !== '',
  );
}

/** Whole lines, as they are to be printed: also where they were broken. */
export function forTerminal(text: string, { colour, runner }: Reader): string {
  const shown = colour
    ? text
        .split(COLOUR)
        .map((part, index) => (index % 2 === 0 ? visible(part) : part))
        .join('')
    : visible(text);
  return runner ? shown.split('\n').map(withoutCommand).join('\n') : shown;
}

/**
 * `::error::` begins a line of GitHub's, after any blanks; `##[error]` (as `##vso[`, `##teamcity[`) is one wherever it
 * stands. The sign that makes it one is written as visible() would.
 */
function withoutCommand(line: string): string {
  const [first] = COLOURS_FIRST.exec(line)!;
  const rest = line.slice(first.length).replaceAll(/##(?=[a-z]*\[)/gi, '#\\x23');
  const blank = rest.length - rest.trimStart().length;
  return rest.startsWith('::', blank)
    ? `${first}${rest.slice(0, blank)}\\x3a${rest.slice(blank + 1)}`
    : first + rest;
}

/** JSON whose texts come back as they were, and that drives nothing on its way. */
export function jsonText(
  value: unknown,
  indent?: number,
  replacer?: (key: string, value: unknown) => unknown,
): string {
  return JSON.stringify(value, replacer, indent)
    .replace(UNPRINTABLE, (character) => unitsOf(character))
    .replaceAll(/##(?=[a-z]*\[)/gi, '#\\u0023');
}

function unitsOf(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
