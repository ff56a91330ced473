/**
 * The one slip (a small mistake) that YAML fails at: a missing colon or space, a quote or a bracket that is not closed. Slips
 * are looked for only in a text that is not YAML, so that nothing that can be read is ever called a slip.
 */
import { CST } from 'yaml';

/** A piece of the text, as YAML's lexer cuts it. */
export interface Token {
  type: string;
  start: number;
  end: number;
}

export interface Slip {
  start: number;
  end: number;
  message: string;
  hint: string;
  /** The place where YAML begins to fail, where that is before the slip. */
  from?: number;
}

/** The pieces of a text. The lexer's own marks have no length. */
export function tokensOf(lexemes: readonly string[]): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  let scalar = false;
  for (const source of lexemes) {
    const type: string = scalar ? 'plain-scalar' : (CST.tokenType(source) ?? 'unknown');
    scalar = type === 'scalar';
    // The lexer's own marks (document begins, scalar follows, flow ends too early) stand for no text.
    const length = scalar || type === 'doc-mode' || type === 'flow-error-end' ? 0 : source.length;
    tokens.push({ type, start: offset, end: offset + length });
    offset += length;
  }
  return tokens;
}

/** The first slip in the text; undefined where none is found. */
export function findSlip(text: string, lexemes: readonly string[]): Slip | undefined {
  const tokens = tokensOf(lexemes).filter(({ type }) => type !== 'scalar' && type !== 'doc-mode');
  const open: Token[] = [];
  for (const [index, token] of tokens.entries()) {
    const found = ofQuote(text, token) ?? ofBracket(text, token, open) ?? ofKey(text, tokens, index);
    if (found) return found;
  }
  const unclosed = open.at(-1);
  return unclosed && ofOpening(text, unclosed);
}

/** A quote that is closed on another line, or nowhere. */
function ofQuote(text: string, { type, start, end }: Token): Slip | undefined {
  if (type !== 'single-quoted-scalar' && type !== 'double-quoted-scalar') return undefined;
  const source = text.slice(start, end);
  const [quote = '"'] = source;
  const closed = source.length > 1 && source.endsWith(quote);
  if (closed && !source.includes('\n')) return undefined;
  const [line = ''] = source.split('\n');
  return {
    start,
    end: start + line.length,
    message: 'this quote is not closed on its line',
    hint: `write ${quote} where the text ends`,
  };
}

const CLOSES: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/** Keeps the open brackets in `open`. Finds a bracket that closes nothing, or leaves another one open. */
function ofBracket(text: string, token: Token, open: Token[]): Slip | undefined {
  const sign = text.slice(token.start, token.end);
  if (token.type === 'flow-map-start' || token.type === 'flow-seq-start') open.push(token);
  if (token.type === 'flow-error-end' && open.length > 0) return ofOpening(text, open.at(-1)!);
  const ends = token.type === 'flow-map-end' || token.type === 'flow-seq-end';
  if (!ends) return undefined;
  const last = open.at(-1);
  if (last && CLOSES[text.charAt(last.start)] === sign) {
    open.pop();
    return undefined;
  }
  if (last && open.some(({ start }) => CLOSES[text.charAt(start)] === sign)) return ofOpening(text, last);
  const opens = sign === ']' ? '[' : '{';
  return {
    start: token.start,
    end: token.end,
    message: `this ${sign} closes nothing`,
    hint: `write ${opens} where it begins, or leave the ${sign} out`,
  };
}

function ofOpening(text: string, { start, end }: Token): Slip {
  const sign = text.charAt(start);
  return {
    start,
    end,
    message: `this ${sign} is not closed`,
    hint: `write ${CLOSES[sign]} where it ends`,
  };
}

/** Text that goes on past its line up to the `:` of another key, or up to a bracket: it was meant as a key. */
function ofKey(text: string, tokens: readonly Token[], index: number): Slip | undefined {
  const [token, next, after] = tokens.slice(index, index + 3);
  if (token?.type !== 'plain-scalar' || !next) return undefined;
  const source = text.slice(token.start, token.end);
  const [line = ''] = source.split('\n');
  const follows = next.type === 'space' ? after : next;
  const isKey = follows?.type === 'map-value-ind';
  if (isKey && /^-\w/.test(source)) return ofDash(text, token);
  const intoKey = source.includes('\n') && isKey;
  if (intoKey && isValue(tokens, index)) return tooDeep(text, token);
  const intoBracket = follows?.type === 'flow-map-start' || follows?.type === 'flow-seq-start';
  if (!intoKey && !intoBracket) return undefined;
  return slipIn(line.trimEnd(), token.start, intoBracket ? text.charAt(follows!.start) : '');
}

/** `-at: alice` */
function ofDash(text: string, { start, end }: Token): Slip {
  const [line = ''] = text.slice(start + 1).split('\n');
  return { start, end, message: 'a space is missing after -', hint: `write - ${line.trimEnd()}` };
}

/** Whether a `:` stands before the text in its line. */
function isValue(tokens: readonly Token[], index: number): boolean {
  const before = tokens.slice(Math.max(0, index - 2), index).filter(({ type }) => type !== 'space');
  return before.at(-1)?.type === 'map-value-ind';
}

/** A key in a line that is indented more than the key above, so that YAML takes it for more of the text above. */
function tooDeep(text: string, { start, end }: Token): Slip {
  const line = text.lastIndexOf('\n', end - 1) + 1;
  const from = line + /^\s*/.exec(text.slice(line, end))![0].length;
  const above = text.slice(text.lastIndexOf('\n', start) + 1, start);
  const key = /([\w-]+)\s*:\s*$/.exec(above)?.[1];
  return {
    from: start,
    start: from,
    end,
    message: `\`${text.slice(from, end)}\` is indented more than the key above it`,
    hint: key === undefined ? 'begin both in one column' : `begin it in the column of \`${key}\``,
  };
}

/** The sign that is missing in a line that should begin with a key; `bracket` follows the line. */
function slipIn(line: string, start: number, bracket: string): Slip | undefined {
  const place = { start, end: start + line.length };
  const inner = bracket === '' ? '' : ` ${bracket} …`;
  const [, key = '', sign = '', value = ''] = /^([\w.-]+)(\s*[:=]\s*|\s+|$)(.*)$/.exec(line) ?? [];
  if (key === '') return undefined;
  const hint = `write ${key}:${value === '' ? '' : ` ${value}`}${inner}`;
  const [what] = [sign.trim()];
  if (what === ':') return { ...place, message: `a space is missing after \`${key}:\``, hint };
  if (what === '=') return { ...place, message: `after \`${key}\` comes a colon, and not =`, hint };
  return { ...place, end: start + key.length, message: `a colon is missing after \`${key}\``, hint };
}
