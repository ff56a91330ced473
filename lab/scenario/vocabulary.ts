/**
 * The loader's view of the words that a scenario may use. The words themselves live in lab/steps and lab/expectations, a file
 * each. They are handed to the loader, which imports nothing above it.
 */
import type { z } from 'zod';
import type { Family } from '../model/address.ts';
import { parseEndpoint, parseTarget } from '../model/endpoint.ts';
import type { Way } from '../model/moved.ts';
import { Wrong } from '../model/reading.ts';
import type { Host, Network } from '../model/types.ts';
import type { Hint, Names } from '../wire/lines/hint.ts';
import { exampleValue } from './hints/flow.ts';
import type { Asked } from './hints/form.ts';
import type { Part } from './text/part.ts';

/** Something in a step's arguments that must exist: checked by the loader before anything starts. */
export interface Reference {
  /** Where in the arguments, for the error's line and column: `['to']`. */
  path: (string | number)[];
  /**
   * - `endpoint`: `host:port` or `address:port` (a host or address alone where `defaultPort` is given).
   * - `host`: a host's name.
   * - `network`: a network's name.
   * - `target`: a host's name or an address.
   * - `conversation`: a name given by an earlier step's `as`.
   * - `program`: a host that has a program.
   * - `cable`: a host's name, or `host.network` for one of its cables.
   * - `lease`: a network on which the step's host gets its address by DHCP, or nothing.
   */
  is: 'endpoint' | 'host' | 'network' | 'target' | 'conversation' | 'program' | 'cable' | 'lease';
  value: string;
  /** Why it cannot be `broadcast`, where it goes to one host alone. */
  single?: string | undefined;
  defaultPort?: number;
  /** The one family to use, of a host that has both. */
  family?: Family | undefined;
  /** The part of the text at the path that names it, where the text says more than this. */
  part?: Part;
  /** The key at the end of the path names it, not the value. */
  inKey?: true;
}

/** Something wrong with arguments that neither their schema nor a single reference shows. */
export interface Objection {
  path: (string | number)[];
  message: string;
  hint?: Hint;
}

/** The parts of a network that objections may look at. Its subnets are those that are written. */
export type KnownNetwork = Pick<Network, 'name' | 'subnets' | 'mtu' | 'dhcp' | 'dns'>;

/** A card that is led into another network. */
export interface Moving extends Way {
  host: string;
}

/** A fault, with the things that it leaves broken. The loader follows it, so that no later step heals a thing that is whole. */
export interface Breaking {
  path: (string | number)[];
  /** The name by which `heal` knows it. */
  as?: string | undefined;
  /** The things that one fault alone can hold, each as a message names it. None for faults that may overlap. */
  holds: string[];
  /** The state in which the fault leaves them: `stopped`. */
  state: string;
  /** States out of which it takes a thing: a program that is paused can be killed. */
  outOf?: string[];
  /** The step that undoes it: `start: echo`. */
  undo: string;
  /** Where a host is while it stands. */
  moving?: Moving | undefined;
  /** The host whose disk is full while it stands. */
  fills?: string;
}

/** A step that makes something whole: a fault by its name, or things, whichever faults hold them. */
export type Repair =
  | { path: (string | number)[]; fault: string }
  | {
      path: (string | number)[];
      things: string[];
      /** States that it ends; a thing in any other is an error. */
      ends: string[];
      /** The fault that must have come before; absent where a thing can also break by itself. */
      after?: string;
    };

export interface StepWord<Args = unknown> {
  /** The YAML key, the file's name, the heading in the reference. */
  word: string;
  summary: string;
  /** A step as it would be written, for the reference. */
  example: string;
  schema: z.ZodType<Args>;
  /** One entry of `do:`, where the word takes any. */
  action?: z.ZodType;
  /** Done to the lab as a whole: such a step has no `at`. */
  wholeLab?: true;
  /** Facts that it finds, for `expect: { fields: … }`. */
  fields?: readonly string[];
  /** Keys of its arguments that say what is done, and that authors may take for steps of their own. */
  kinds?: readonly string[];
  references?(args: Args): Reference[];
  /** Other problems; asked for where every reference is sound. */
  objections?(args: Args, hosts: ReadonlyMap<string, Host>, networks: readonly KnownNetwork[]): Objection[];
  breaks?(args: Args, hosts: ReadonlyMap<string, Host>): Breaking;
  repairs?(args: Args, hosts: ReadonlyMap<string, Host>): Repair;
  /** The name that later steps may use (`as`), and whether it is a listener or a conversation. */
  gives?(args: Args): string | undefined;
}

export interface ExpectationWord<Value = unknown> {
  word: string;
  summary: string;
  example: string;
  schema: z.ZodType<Value>;
  /** It looks at nothing of one host's own, so it also goes with steps that have no `at`. */
  wholeLab?: true;
  references?(value: Value): Reference[];
  /** Other problems, where every reference is sound; `at` is undefined for a step that is done to the whole lab. */
  objections?(value: Value, at: string | undefined): Objection[];
}

type Askable = Pick<StepWord, 'word' | 'schema' | 'example' | 'references'>;

/** The schema of a word, and an example of it with the hosts of a file. */
export function askedOf({ word, schema, example, references }: Askable, names: Names): Asked {
  const sound = (value: unknown) => {
    const read = schema.safeParse(value, { jitless: true });
    const all = read.success ? (references?.(read.data) ?? []) : [];
    return all.every((one) => !isMalformed(one));
  };
  return { schema, example: exampleValue(word, example, names), sound };
}

/** Whether a text is wrong whichever hosts there are: a port is missing, or one too many. */
function isMalformed({ is, value, defaultPort }: Reference): boolean {
  if (is === 'endpoint') return parseEndpoint(value, defaultPort) instanceof Wrong;
  return is === 'target' && parseTarget(value) instanceof Wrong;
}

export interface Vocabulary {
  steps: readonly StepWord[];
  expectations: readonly ExpectationWord[];
}
