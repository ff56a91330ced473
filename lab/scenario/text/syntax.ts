/** YAML's syntax errors in this project's words. */
import { Composer, type CST, type Document, Lexer, Parser, type YAMLError, YAMLParseError } from 'yaml';
import { type Page, refuse, throwProblems } from './page.ts';
import { findSlip } from './slips.ts';
import { checkTokens } from './tokens.ts';
import { checkTraps } from './traps.ts';

/** By code, or by YAML's own message where one code stands for several slips. */
const WORDS: [code: YAMLError['code'], says: RegExp, message: string, hint: string][] = [
  ['BAD_INDENT', /end with a [\]}]/, 'a [ or { is not closed', 'close it with ] or }'],
  [
    'BAD_INDENT',
    /./,
    'the line is not indented as its neighbours are',
    'begin the keys of one map in one column',
  ],
  [
    'MISSING_CHAR',
    /closing .quote/,
    'a quote is not closed',
    'end the text with the quote that it begins with',
  ],
  ['MISSING_CHAR', /Missing , /, 'a comma is missing', 'write [a, b] or { key: value, key: value }'],
  ['MISSING_CHAR', /end with/, 'a [ or { is not closed', 'close it with ] or }'],
  ['BLOCK_AS_IMPLICIT_KEY', /./, 'a second `: ` in one line', 'put the text in quotes, or the map in { }'],
  ['BAD_SCALAR_START', /./, 'unquoted text cannot begin with this character', 'put the text in quotes'],
  [
    'BAD_DQ_ESCAPE',
    /./,
    'no such escape in "double quotes"',
    'write \\\\ for a backslash, or use single quotes',
  ],
  [
    'MULTILINE_IMPLICIT_KEY',
    /./,
    'a key and its `: ` stand on one line',
    'is a `:` missing, or a quote not closed?',
  ],
  ['MULTIPLE_DOCS', /./, 'a second document begins here', 'a file holds one scenario'],
  ['BLOCK_IN_FLOW', /./, 'entries in [ ] or { } have commas between them', 'write [a, b] or { key: value }'],
  ['TAB_AS_INDENT', /./, 'a tab cannot be used outside quotes', 'write spaces'],
];

/** The document, when it is YAML that a scenario may use; otherwise all its problems are thrown. */
export function parsePage(page: Page): Document.Parsed {
  const lexemes = [...new Lexer().lex(page.text)];
  if (!checkTokens(page, lexemes)) throwProblems(page);
  const cut = page.problems.length > 0;
  const document = composeDocument(page.text, lexemes);
  if (document.errors.length > 0) {
    // The problem in the tokens is most likely the cause, and messages about its consequences would be noise.
    if (!cut) refuseSyntax(page, document.errors, lexemes);
    throwProblems(page);
  }
  checkTraps(page, document);
  return document;
}

/** The same as YAML.parseDocument, without cutting the text up once more. */
function composeDocument(text: string, lexemes: readonly string[]): Document.Parsed {
  const composer = new Composer({ version: '1.2', schema: 'core', uniqueKeys: false, logLevel: 'error' });
  const [document, second] = composer.compose(tokensOf(lexemes), true, text.length);
  if (second) {
    const { range, errors } = { range: second.range, errors: document!.errors };
    errors.push(new YAMLParseError([range[0], range[1]], 'MULTIPLE_DOCS', 'more than one document'));
  }
  return document!;
}

function* tokensOf(lexemes: readonly string[]): Generator<CST.Token> {
  const parser = new Parser();
  for (const lexeme of lexemes) yield* parser.next(lexeme);
  yield* parser.end();
}

/** Refuses the slip behind the errors, or the first of them: later errors follow from it. */
function refuseSyntax(page: Page, [error]: readonly YAMLError[], lexemes: readonly string[]): void {
  const slip = findSlip(page.text, lexemes);
  if (slip && (slip.from ?? slip.start) <= error!.pos[1]) {
    refuse(page, [slip.start, slip.end], slip.message, { hint: slip.hint });
    return;
  }
  // YAML.parse gives offsets past the end where something is missing there.
  const start = Math.min(error!.pos[0], Math.max(0, page.text.trimEnd().length - 1));
  const words = WORDS.find(([code, says]) => code === error!.code && says.test(error!.message));
  const [, , message, hint] = words ?? [
    error!.code,
    /./,
    `not YAML: ${lowerFirst(error!.message)}`,
    undefined,
  ];
  const visible = start + (/^ *(?=\S)/.exec(page.text.slice(start, start + 200))?.[0].length ?? 0);
  refuse(page, [visible, Math.max(visible + 1, error!.pos[1])], message, { hint });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
