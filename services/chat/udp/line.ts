/** One line of chat → what it asks for, or in words why it cannot be done. Pure: knows no people. */
import { canonical, isName, NAME_RULE } from '../name.ts';

export const LINE_LIMIT = 1024;
export type Line =
  | { readonly kind: 'login'; readonly name: string }
  | { readonly kind: 'to'; readonly name: string; readonly text: string }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'here'; readonly token: string }
  | { readonly kind: 'who' | 'quit' | 'help' }
  | { readonly kind: 'wrong'; readonly why: string };

/** Line ends, and characters that move a reader's cursor: with them one person could write another's line. */
const CONTROL = /(?!\t)[\p{Cc}\u2028\u2029]/u;

export function parseLine(data: Buffer): Line {
  if (data.length > LINE_LIMIT)
    return wrong(`a line is at most ${LINE_LIMIT} bytes, this one was ${data.length}`);
  const line = decode(data)?.replace(/\r?\n$/, '');
  if (line === undefined) return wrong('that was not UTF-8');
  if (CONTROL.test(line)) return wrong('one line a datagram, without control characters');
  if (line.trim() === '') return wrong('that line was empty');
  const [word = '', rest = ''] = split(line);
  if (word === '/login') return login(rest);
  if (word === '/to') return to(rest);
  if (word === '/here') return { kind: 'here', token: rest.trim() };
  if (line.trim() === '/who') return { kind: 'who' };
  if (line.trim() === '/help') return { kind: 'help' };
  if (line.trim() === '/quit' || line.trim() === 'quit') return { kind: 'quit' };
  return { kind: 'say', text: line };
}

function login(rest: string): Line {
  const name = canonical(rest.trim());
  if (name === '') return wrong(`the name is missing: /login NAME`);
  return isName(name) ? { kind: 'login', name } : wrong(NAME_RULE);
}

function to(rest: string): Line {
  const [name = '', text = ''] = split(rest);
  if (name === '') return wrong('the name is missing: /to NAME TEXT');
  if (text === '') return wrong(`the text is missing: /to NAME TEXT`);
  return isName(canonical(name)) ? { kind: 'to', name: canonical(name), text } : wrong(NAME_RULE);
}

/** The first word, and the rest without the spaces between. */
function split(text: string): string[] {
  const found = /^(\S*)\s*(.*)$/su.exec(text.trimStart());
  return found === null ? [] : [found[1] ?? '', found[2] ?? ''];
}

function decode(data: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(data);
  } catch {
    return undefined;
  }
}

function wrong(why: string): Line {
  return { kind: 'wrong', why };
}
