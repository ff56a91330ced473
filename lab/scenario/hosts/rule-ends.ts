/**
 * The ends of a rule, which say more than those of a line: a subnet (`10.0.0.0/8`) and several ports (`:80,443`,
 * `:1000-2000`). They are read here. The line that is read after that has anybody and one port in their place.
 */
import { parseAddress, printSubnet, subnetOf } from '../../model/address.ts';
import type { PortRange } from '../../model/types.ts';
import type { LineProblem } from '../../wire/lines/problem.ts';

export interface More {
  subnet?: string;
  ports?: PortRange[];
}

export interface RuleText {
  /** The line, with every word in its own column. */
  line: string;
  source: More;
  destination: More;
  problems: LineProblem[];
}

export function readRuleText(text: string): RuleText {
  const found = /^(\s*\S+\s+)(\S+)(\s+>\s+)(\S+)(.*)$/.exec(text);
  if (!found) return { line: text, source: {}, destination: {}, problems: [] };
  const [, before = '', one = '', arrow = '', other = '', rest = ''] = found;
  const source = readEnd(one, before.length + 1);
  const destination = readEnd(other, before.length + one.length + arrow.length + 1);
  const line = [before, source.plain.padEnd(one.length), arrow, destination.plain.padEnd(other.length), rest];
  return {
    line: line.join(''),
    source: source.more,
    destination: destination.more,
    problems: [...source.problems, ...destination.problems],
  };
}

interface ReadEnd {
  /** The end, in the form that a line takes. */
  plain: string;
  more: More;
  problems: LineProblem[];
}

function readEnd(text: string, column: number): ReadEnd {
  const [, bracketed, bare, port] = /^(?:\[([^\]]*)\]|(.*?))(?::(\d+(?:[-,]\d*)+))?$/.exec(text) ?? [];
  const who = bracketed ?? bare ?? text;
  const isSubnet = /^[\da-f.:]+\/\d+$/i.test(withoutPort(who).who);
  const ports = port === undefined ? undefined : readPorts(port);
  const subnet = isSubnet ? readSubnet(withoutPort(who).who) : undefined;
  const wrong = (part: string, message: string, hint: string): LineProblem => ({
    column: column + text.indexOf(part),
    length: part.length,
    message,
    hint,
  });
  const problems = [
    ...(typeof ports === 'string' ? [wrong(port!, ports, 'write for instance :80,443 or :1000-2000')] : []),
    ...(subnet && 'message' in subnet ? [wrong(withoutPort(who).who, subnet.message, subnet.hint)] : []),
  ];
  const one = port === undefined ? (isSubnet ? withoutPort(who).port : undefined) : /\d+/.exec(port)![0];
  const name = isSubnet ? '*' : bracketed === undefined ? who : `[${who}]`;
  return {
    plain: one === undefined ? name : `${name}:${one}`,
    more: {
      ...(subnet && 'subnet' in subnet && { subnet: subnet.subnet }),
      ...(Array.isArray(ports) && { ports }),
    },
    problems,
  };
}

/** `10.0.0.0/8:80`: a single port belongs to the line. */
function withoutPort(who: string): { who: string; port?: string } {
  const [, subnet, port] = /^([\d.]+\/\d+):(\d+)$/.exec(who) ?? [];
  return subnet === undefined ? { who } : { who: subnet, port: port! };
}

function readSubnet(text: string): { subnet: string } | { message: string; hint: string } {
  const [written = '', length] = text.split('/');
  const address = parseAddress(written);
  const prefix = Number(length);
  const most = address?.family === 'ipv6' ? 128 : 32;
  if (!address || prefix > most)
    return { message: `${text} is not a subnet`, hint: 'write for instance 10.0.0.0/8 or fd00::/8' };
  const subnet = subnetOf(address, prefix);
  const right = printSubnet(subnet);
  if (subnet.first !== address.number)
    return { message: `${text} is an address in a subnet`, hint: `for the whole subnet write ${right}` };
  return { subnet: right };
}

/** The ranges in order, joined where they meet; a message where one of them is wrong. */
function readPorts(text: string): PortRange[] | string {
  const written = text.split(',').map((part) => part.split('-'));
  const ranges = written.map(([from, to = from]) => ({ from: Number(from), to: Number(to) }));
  for (const [index, { from, to }] of ranges.entries()) {
    const part = written[index]!.join('-');
    if (part === '') return 'beside a comma a port is missing';
    if (!/^\d+(-\d+)?$/.test(part) || from < 1 || to > 65535)
      return `\`${part}\` is not a port, and not a range of ports`;
    if (from > to) return `${part} runs backwards`;
  }
  const joined: PortRange[] = [];
  for (const range of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = joined.at(-1);
    if (last && range.from <= last.to + 1) last.to = Math.max(last.to, range.to);
    else joined.push(range);
  }
  return joined;
}
