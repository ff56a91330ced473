/**
 * Reads one line: `PROTOCOL SOURCE > DESTINATION [word] [field=value …]`. Pure. The caller has to check that the hosts
 * exist: hostsOf lists them.
 */

import { type LinePart, readEnd, wrong } from './end.ts';
import { isField, readField } from './field.ts';
import { meantFlags } from './flags.ts';
import type { Hint, Names } from './hint.ts';
import { type End, type Field, type Line, type Party, PROTOCOLS, type Protocol, type Word } from './line.ts';
import { meantProtocol } from './other-tools.ts';
import type { LineProblem } from './problem.ts';
import { type Token, tokensOf } from './tokens.ts';
import { readWord } from './word.ts';

export type ReadLine = { line: Line; problems?: undefined } | { line?: undefined; problems: LineProblem[] };

/** A whole line as an example, where the author has written something else. */
export const SHAPE: Hint = ({ host, other }) => `write it so: tcp ${host} > ${other} SYN`;
const FOR_ANYBODY: Hint = ({ host, other }) => `write it so: tcp ${host} > ${other} SYN; for anybody write *`;

/** The line of a text, or all problems in it. */
export function readLine(text: string): ReadLine {
  const { tokens, problem } = tokensOf(text);
  if (problem) return { problems: [problem] };
  const [first, source, arrow, destination, ...rest] = tokens;
  if (!first) return { problems: [{ column: 1, length: 1, message: 'a line is empty', hint: SHAPE }] };
  const protocol = readProtocol(first, tokens.slice(1));
  if (protocol.problem) return { problems: [protocol.problem] };
  const ends = readEnds(text, protocol.value, [source, arrow, destination]);
  const details = ends.problems ? { fields: [], problems: [] } : readDetails(rest, protocol.value);
  const problems = [...(ends.problems ?? []), ...details.problems];
  if (ends.problems || problems.length > 0) return { problems };
  const { word, fields } = details;
  return { line: { protocol: protocol.value, ...ends.ends, ...(word && { word }), fields } };
}

function readProtocol(token: Token, rest: readonly Token[]): LinePart<Protocol> {
  const { text } = token;
  const known = PROTOCOLS.find((one) => one === text);
  if (known) return { value: known };
  const lower = PROTOCOLS.find((one) => one === text.toLowerCase());
  if (lower) return wrong(token, `\`${text}\` is not a protocol`, `write it in small letters: ${lower}`);
  const { problem } = wrong(token, `a line begins with its protocol, and \`${text}\` is not a protocol`);
  const hint = beginning(token, rest);
  return { problem: { ...problem, allowed: PROTOCOLS, word: text, ...(hint && { hint }) } };
}

/** A hint with the protocol at the beginning: one that stands later in the line, one of another tool's name, or TCP. */
function beginning({ text }: Token, rest: readonly Token[]): Hint | undefined {
  const later = rest.find((token) => PROTOCOLS.some((one) => one === token.text.toLowerCase()));
  const others = rest.filter((token) => token !== later).map((token) => token.text);
  if (isArrow(rest[0]?.text))
    return `write ${later?.text.toLowerCase() ?? 'tcp'} ${[text, '>', ...others.slice(1)].join(' ')}`;
  const flags = meantFlags(text);
  if (flags !== undefined && isArrow(rest[1]?.text))
    return `write tcp ${others[0]} > ${others[2] ?? '*'} ${flags}`;
  const meant = meantProtocol(text);
  if (meant === undefined) return undefined;
  const ends = isArrow(rest[1]?.text) ? others.slice(0, 3) : [];
  return ends.length === 3
    ? `write ${meant} ${ends[0]} > ${ends[2]}`
    : ({ host, other }) => `write ${meant} ${host} > ${other}`;
}

function isArrow(text: string | undefined): boolean {
  return text !== undefined && /^(?:[-=]*>|→|to)$/.test(text);
}

type Ends =
  | { ends: Pick<Line, 'source' | 'destination'>; problems?: undefined }
  | { problems: LineProblem[] };

function readEnds(text: string, protocol: Protocol, tokens: (Token | undefined)[]): Ends {
  const [source, arrow, destination] = tokens;
  const glued = tokens.find((token) => token && /.(?:>|<|→)|[>→]./.test(token.text));
  const other = arrow && /^(?:<[-=]*|→)$/.test(arrow.text) ? arrow : undefined;
  const wrongWay = glued ?? other;
  if (wrongWay) return { problems: [ofArrow(wrongWay, source, destination, protocol)] };
  const end = { text: '', column: text.trimEnd().length + 1 };
  if (!source) return { problems: [wrong(end, 'the sender is missing', SHAPE).problem] };
  if (source.text === '>') return { problems: [wrong(source, 'the sender is missing', FOR_ANYBODY).problem] };
  if (arrow?.text !== '>') {
    const to = arrow && (/^(?:to|[-=]+|:)$/.test(arrow.text) ? destination : arrow);
    const hint = to
      ? `write ${protocol} ${source.text} > ${to.text}`
      : ({ other }: Names) => `write ${protocol} ${source.text} > ${other}`;
    return { problems: [wrong(arrow ?? end, 'after the sender comes >', hint).problem] };
  }
  if (!destination) return { problems: [wrong(end, 'the receiver is missing', FOR_ANYBODY).problem] };
  return bothEnds(readEnd(source, protocol, 'source'), readEnd(destination, protocol, 'destination'));
}

/** The problem of `alice->echo` in one word, or of an arrow of another kind between two words. */
function ofArrow(
  token: Token,
  source: Token | undefined,
  destination: Token | undefined,
  protocol: Protocol,
): LineProblem {
  const inside = token.text.split(/[-=]*[>→]|<[-=]*/).filter((part) => part !== '');
  const outside = [source, destination].flatMap((end) => (end && end !== token ? [end.text] : []));
  const apart = inside.length > 0 ? inside : outside;
  const [one, other] = token.text.includes('<') ? apart.toReversed() : apart;
  const hint: Hint = (names) =>
    `write > between two spaces, the sender first: ${protocol} ${one ?? names.host} > ${other ?? names.other}`;
  return wrong(token, `\`${token.text}\` does not say from where to where a frame goes`, hint).problem;
}

function bothEnds(source: LinePart<End>, destination: LinePart<End>): Ends {
  if (!source.problem && !destination.problem) {
    return { ends: { source: source.value, destination: destination.value } };
  }
  return { problems: [source, destination].flatMap(({ problem }) => problem ?? []) };
}

interface Details {
  word?: Word;
  fields: Field[];
  problems: LineProblem[];
}

function readDetails(tokens: readonly Token[], protocol: Protocol): Details {
  const rest = [...tokens];
  const details: Details = { fields: [], problems: [] };
  while (rest.length > 0) {
    const token = rest[0]!;
    const problem = isField(token.text)
      ? addField(details, rest.shift()!, protocol)
      : addWord(details, rest, protocol);
    if (!problem) continue;
    details.problems.push(problem);
    // After a wrong word, its arguments would get errors too.
    if (!isField(token.text)) break;
  }
  return details;
}

function addWord(details: Details, rest: Token[], protocol: Protocol): LineProblem | undefined {
  const token = rest[0]!;
  const word = readWord(rest, protocol);
  if (word.problem) return word.problem;
  if (details.word)
    return wrong(token, `a line has one word, and \`${token.text}\` is its second`, 'write two lines')
      .problem;
  if (details.fields.length > 0)
    return wrong(
      token,
      `words stand before fields, and \`${token.text}\` comes behind one`,
      'write it after the destination',
    ).problem;
  details.word = word.value;
  return undefined;
}

function addField(details: Details, token: Token, protocol: Protocol): LineProblem | undefined {
  const field = readField(token, protocol);
  if (field.problem) return field.problem;
  const name = field.value.field;
  if (details.fields.some((other) => other.field === name)) {
    return wrong(token, `\`${name}\` stands here twice`, `for a range write ${name}=1..5`).problem;
  }
  details.fields.push(field.value);
  return undefined;
}

/** Every party of a line that is a host, as written: `alice.office`. */
export function hostsOf({ source, destination, word, fields }: Line): string[] {
  const ofWord = word && ('whom' in word ? word.whom : 'card' in word ? word.card : undefined);
  const parties = [
    source.party,
    destination.party,
    ofWord,
    ...fields.map((one) => ('card' in one ? one.card : 'whom' in one ? one.whom : undefined)),
  ];
  return parties.flatMap((party) => (party?.kind === 'host' ? writeHost(party) : []));
}

function writeHost({ host, network }: Extract<Party, { kind: 'host' }>): string {
  return network === undefined ? host : `${host}.${network}`;
}
