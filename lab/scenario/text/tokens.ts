/** Checks of YAML's tokens, before a document is made of them. */
import { type Page, refuse } from './page.ts';
import { type Token, tokensOf } from './slips.ts';

/** How deep collections may lie in each other. A scenario needs eight. */
const DEEPEST = 24;

const REFUSED: Record<string, [message: string, hint: string]> = {
  anchor: ['an anchor (&) cannot be used', 'write the value out where it is used'],
  alias: ['an alias (*) cannot be used', 'write the value out; text that begins with * goes in quotes'],
  tag: ['a tag (!) cannot be used', 'leave it out; text that begins with ! goes in quotes'],
  'directive-line': ['a directive (%) cannot be used', 'leave the line out'],
};

/**
 * Refuses anchors, aliases, tags, directives, tabs, cut texts and deep nesting in the pieces of YAML's lexer. False: do not
 * go on.
 */
export function checkTokens(page: Page, lexemes: readonly string[]): boolean {
  const tokens = tokensOf(lexemes);
  for (const [index, token] of tokens.entries()) {
    const refused = REFUSED[token.type];
    if (refused) refuse(page, [token.start, token.end], refused[0], { hint: refused[1], settled: true });
    if (token.type === 'space') checkTab(page, token);
    if (token.type === 'comment') checkCut(page, tokens, index);
  }
  return checkDepth(page, tokens);
}

function checkTab(page: Page, token: Token): void {
  const tab = page.text.slice(token.start, token.end).indexOf('\t');
  if (tab < 0) return;
  const start = token.start + tab;
  refuse(page, [start, start + 1], 'a tab cannot be used outside quotes', {
    hint: 'write spaces',
    settled: true,
  });
}

/**
 * `send: hello #world` is `hello` to YAML. A comment after unquoted text passes only where it cannot have been
 * meant as text: `# ` after one word, or two spaces before the `#`.
 */
function checkCut(page: Page, tokens: readonly Token[], index: number): void {
  const [header, , text, space, comment] = tokens.slice(Math.max(0, index - 4), index + 1);
  if (text?.type !== 'plain-scalar' || space?.type !== 'space' || !comment) return;
  if (header?.type === 'block-scalar-header') return;
  const glued = /^#[^\s#]/.test(page.text.slice(comment.start, comment.end));
  const words = page.text.slice(text.start, text.end).includes(' ');
  const apart = space.end - space.start > 1;
  if (!glued && (apart || !words)) return;
  refuse(page, [space.start, comment.end], 'the text ends here: YAML reads what follows " #" as a comment', {
    hint: 'put the text in quotes; for a comment write two spaces and "# "',
    settled: true,
  });
}

/** Bounds the nesting before any recursion meets it. */
function checkDepth(page: Page, tokens: readonly Token[]): boolean {
  const indents: number[] = [];
  let [flow, compact, lineStart] = [0, 0, true];
  for (const token of tokens) {
    if (token.type === 'newline') [compact, lineStart] = [0, true];
    else if (lineStart && token.type !== 'doc-mode') {
      lineStart = false;
      if (flow === 0) indent(indents, token.type === 'space' ? token.end - token.start : 0);
    }
    if (token.type.startsWith('flow-')) flow = Math.max(0, flow + (token.type.endsWith('start') ? 1 : -1));
    else if (flow === 0 && token.type.endsWith('-ind')) compact++;
    if (indents.length + compact + flow > DEEPEST) {
      refuse(page, [token.start, token.end], `nested more than ${DEEPEST} deep`, {
        hint: 'a scenario needs eight levels',
      });
      return false;
    }
  }
  return true;
}

function indent(indents: number[], columns: number): void {
  while (indents.length > 0 && indents.at(-1)! >= columns) indents.pop();
  indents.push(columns);
}
