/** The last step before a text goes to a terminal or into the log of a CI runner: only lanlab's colours have an effect. */
import { UNPRINTABLE, visible } from '../visible.ts';

/** The escape sequences of reports (ECMA-48, SGR): reset, bold, faint, the colours of letters, and the ends of these. */
const ESC = '\x1b';
const COLOUR = new RegExp(`(${ESC}\\[(?:[012]|22|3[0-79])m)`);
const COLOURS_FIRST = new RegExp(`^(?:${ESC}\\[\\d*m)*`);

export interface Reader {
  /** The colours in the text are lanlab's, and stay. */
  colour: boolean;
  /** The reader takes lines as commands: GitHub Actions and its relatives, Azure Pipelines, TeamCity. */
  runner: boolean;
}

/** Whether the environment is that of such a runner. */
export function isRunner(env: NodeJS.ProcessEnv): boolean {
  return ['GITHUB_ACTIONS', 'GITEA_ACTIONS', 'FORGEJO_ACTIONS', 'TF_BUILD', 'TEAMCITY_VERSION'].some(
    (name) => env[name] !== undefined && env[name] !== '',
  );
}

/** Text as it is to be printed. It must be whole lines, and long lines are already broken. */
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
 * `::error::` is a command of GitHub at the start of a line, after any blanks. `##[error]` is one at any place, and so
 * are `##vso[` and `##teamcity[`. One character of each is escaped, as visible() would do it.
 */
function withoutCommand(line: string): string {
  const [first] = COLOURS_FIRST.exec(line)!;
  const rest = line.slice(first.length).replaceAll(/##(?=[a-z]*\[)/gi, '#\\x23');
  const blank = rest.length - rest.trimStart().length;
  return rest.startsWith('::', blank)
    ? `${first}${rest.slice(0, blank)}\\x3a${rest.slice(blank + 1)}`
    : first + rest;
}

/** JSON from which a reader gets the same texts back, and which has no effect on a terminal or a runner. */
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
