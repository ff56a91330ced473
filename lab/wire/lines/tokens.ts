/** The words of a line with their places. A quoted text (`text="a b"`) is one word, with its quotes. */
import type { LineProblem } from './problem.ts';

export interface Token {
  text: string;
  /** Column in the line, from 1. */
  column: number;
}

export interface Tokens {
  tokens: Token[];
  problem?: LineProblem;
}

export function tokensOf(line: string): Tokens {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const control = /[\0-\x1f]/.exec(line);
  if (control) return { tokens: [], problem: ofControl(control.index) };
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line[at]!)) {
      at++;
      continue;
    }
    const end = endOf(line, at);
    if (end === undefined) return { tokens, problem: unclosed(line, at) };
    tokens.push({ text: line.slice(at, end), column: at + 1 });
    at = end;
  }
  return { tokens: joined(tokens) };
}

/** The end of the word that begins at `at`; undefined where its quote is not closed. */
function endOf(line: string, at: number): number | undefined {
  let end = at;
  while (end < line.length && !/\s/.test(line[end]!)) {
    const opens = (line[end] === '"' || line[end] === "'") && line[end - 1] === '=';
    if (!opens) {
      end++;
      continue;
    }
    const close = closing(line, end);
    if (close === undefined) return undefined;
    end = close + 1;
  }
  return end;
}

function closing(line: string, open: number): number | undefined {
  const quote = line[open]!;
  for (let at = open + 1; at < line.length; at++) {
    if (quote === '"' && line[at] === '\\') at++;
    else if (line[at] === quote) return at;
  }
  return undefined;
}

/** A control character in a line is a problem. The text of a field can have it as an escape. */
function ofControl(index: number): LineProblem {
  const message = 'a line end, a tab or another control character cannot stand in a line';
  return { column: index + 1, length: 1, message, hint: 'write one line, with spaces between its words' };
}

function unclosed(line: string, at: number): LineProblem {
  return {
    column: at + 1,
    length: line.length - at,
    message: 'this quote is not closed',
    hint: `put ${line.slice(at).includes('"') ? '"' : "'"} where the text ends`,
  };
}

/** `[SYN, ACK]` becomes one word, so that there is one message about it. */
function joined(tokens: readonly Token[]): Token[] {
  const whole: Token[] = [];
  let open = false;
  for (const token of tokens) {
    const before = open ? whole.pop() : undefined;
    whole.push(before ? { ...before, text: `${before.text} ${token.text}` } : token);
    const { text } = whole.at(-1)!;
    open = /^\[[A-Za-z., ]*$/.test(text);
  }
  return whole;
}
