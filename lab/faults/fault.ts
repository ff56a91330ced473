/** A fault: something broken on purpose, which can be healed. And the step that makes one. */
import { z } from 'zod';
import type { Lacking, Tally } from '../agent/protocol.ts';
import type { Feature, Split } from '../engines/engine.ts';
import type { LiveHost, MoveHost } from '../live/host.ts';
import type { Plan } from '../model/planned.ts';
import type { Host } from '../model/types.ts';
import type { Broken } from '../outcomes/made-fault.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { attempt, begin } from '../outcomes/outcome.ts';
import { name } from '../scenario/values/values.ts';
import type { Breaking, KnownNetwork, Moving, Objection, Reference } from '../scenario/vocabulary.ts';
import { exactlyOne } from '../steps/arguments.ts';
import type { StepKind } from '../steps/step.ts';

export type LiveHosts = ReadonlyMap<string, LiveHost>;

/** A fault that stands. Disposing heals it. */
export interface Fault extends AsyncDisposable {
  /** The things that it broke. */
  readonly broke: Broken;
  /** The action, in literal terms. */
  did: string;
  /** Plain facts: how the program ended, for instance. */
  fields: Outcome['fields'];
  /** Its effect on frames, direction by direction of each cable: known when it is healed. */
  readonly tallies: readonly Tally[];
  /** It was undone by `heal`. */
  readonly healed: boolean;
  /**
   * Undoes it, and says how. Healing twice is healing once, and a heal that has failed can be tried again. Things that are whole
   * again already are left alone.
   */
  heal(): Promise<string>;
}

export interface FaultKind<Args = unknown, Value = Args> {
  /** The key under `fault`, the file's name, the heading in the reference. */
  word: string;
  summary: string;
  /** A step as it would be written, for the reference. */
  example: string;
  schema: z.ZodType<Value>;
  /**
   * Keys that stand beside the word, and the words that may stand together. Where there are such, the fault's arguments are
   * all of these keys and words, and paths begin at them; otherwise they are the word's value alone.
   */
  beside?: { shape: Readonly<Record<string, z.ZodType>>; together: readonly string[] };
  references(args: Args): Reference[];
  objections?(args: Args, hosts: ReadonlyMap<string, Host>, networks: readonly KnownNetwork[]): Objection[];
  /** Which card it leads into which network: later steps are read with that. */
  moves?(args: Args, hosts: ReadonlyMap<string, Host>): Moving | undefined;
  breaks(args: Args, hosts: ReadonlyMap<string, Host>): Omit<Breaking, 'as'>;
  /** A feature that the engine must have for it. */
  feature?: Feature;
  /** One that only some arguments need. */
  featureFor?(args: Args): Feature | undefined;
  /** Machines that it names. */
  machines?(args: Args): string[];
  /** A capability that one of the concerned hosts lacks. */
  lacking?(args: Args, hosts: LiveHosts): Lacking | undefined;
  explain(args: Args): string;
  /** Resolves when the fault is there. Where it cannot be made, all that was begun is undone. */
  begin(args: Args, hosts: LiveHosts, plan?: Plan, move?: MoveHost, split?: Split): Promise<Fault>;
}

/** A fault from what was done and how it is undone. */
export function standing(
  did: string,
  broke: Broken,
  heal: () => Promise<string>,
  fields: Outcome['fields'] = {},
  tallies: readonly Tally[] = [],
): Fault {
  let healing: Promise<string> | undefined;
  let healed = false;
  const once = () => {
    healing ??= heal().then(
      (done) => {
        healed = true;
        return done;
      },
      (error: unknown) => {
        healing = undefined;
        throw error;
      },
    );
    return healing;
  };
  return {
    did,
    broke,
    fields,
    tallies,
    get healed() {
      return healed;
    },
    heal: once,
    [Symbol.asyncDispose]: async () => {
      await once();
    },
  };
}

/** The features that the engine must have for this fault. */
export function featuresOf<Args>(kind: FaultKind<Args>, args: Args): Feature[] {
  const needed = kind.feature ?? kind.featureFor?.(args);
  return needed ? [needed] : [];
}

/** One fault under its word, and the name for `heal`. */
type FaultArgs = { as?: string } & Record<string, unknown>;

export interface Chosen {
  kind: FaultKind;
  /** The kind's arguments. */
  value: unknown;
  /** Where they begin in what was written. */
  path: string[];
}

/** Which kind it is that a step has written. */
export function chosenOf(kinds: readonly FaultKind[], { as: _as, ...written }: FaultArgs): Chosen {
  const kind = kinds.find(({ word }) => written[word] !== undefined)!;
  if (kind.beside) return { kind, value: written, path: [] };
  return { kind, value: written[kind.word], path: [kind.word] };
}

/** `fault: { cut: [alice, echo], as: gap }`, for the kinds that there are. */
export function faultStep(kinds: readonly FaultKind[]): StepKind<FaultArgs> {
  const words = kinds.map(({ word }) => word);
  const chosen = (args: FaultArgs) => chosenOf(kinds, args);
  return {
    word: 'fault',
    summary:
      'Breaks something of the lab. It stays broken until `heal` names it (`as`), or until the end of the run.',
    example: 'fault: { cut: [alice, echo], as: gap }',
    schema: schemaOf(kinds).superRefine(oneFault(kinds)),
    fields: ['exit', 'signal'],
    wholeLab: true,
    kinds: words,

    references(args) {
      // The loader also asks of arguments of which only a part is sound: there may be no fault left.
      if (words.every((word) => args[word] === undefined)) return [];
      const { kind, value, path } = chosen(args);
      return kind.references(value).map((one) => ({ ...one, path: [...path, ...one.path] }));
    },

    objections(args, hosts, networks) {
      const { kind, value, path } = chosen(args);
      const found = kind.objections?.(value, hosts, networks) ?? [];
      return found.map((one) => ({ ...one, path: [...path, ...one.path] }));
    },

    breaks(args, hosts) {
      const { kind, value, path } = chosen(args);
      const moving = kind.moves?.(value, hosts);
      const breaking = { ...kind.breaks(value, hosts), ...(moving && { moving }) };
      const undo = breaking.undo === 'heal' && args.as !== undefined ? `heal: ${args.as}` : breaking.undo;
      return { ...breaking, as: args.as, undo, path: [...path, ...breaking.path] };
    },

    features(args) {
      const { kind, value } = chosen(args);
      return featuresOf(kind, value);
    },

    machines(args) {
      const { kind, value } = chosen(args);
      return kind.machines?.(value) ?? [];
    },

    lacking(args, { hosts }) {
      const { kind, value } = chosen(args);
      return kind.lacking?.(value, hosts);
    },

    skipped: ({ as }, lacking, { faults }) => void faults.push({ as, lacking }),

    explain(args) {
      const { kind, value } = chosen(args);
      return kind.explain(value);
    },

    async run(args, step, { hosts, faults, plan, move, split }) {
      const { kind, value } = chosen(args);
      const outcome = begin(kind.explain(value));
      return attempt(outcome, async () => {
        const fault = await kind.begin(value, hosts, plan, move, split);
        faults.push({ as: args.as, fault, step: step.index });
        outcome.did = fault.did;
        outcome.fields = fault.fields;
      });
    },
  };
}

/** One word, or several that may stand together; and beside it what it needs and nothing that is another's. */
function oneFault(kinds: readonly FaultKind[]) {
  const one = exactlyOne(kinds.map(({ word }) => word));
  return (value: Record<string, unknown>, context: z.RefinementCtx): void => {
    const given = kinds.filter(({ word }) => value[word] !== undefined);
    const [first, ...more] = given;
    if (!first || !more.every(({ word }) => first.beside?.together.includes(word))) {
      one(value, context);
      return;
    }
    const shape = first.beside?.shape ?? {};
    for (const [key, schema] of Object.entries(shape)) {
      if (value[key] !== undefined || schema.safeParse(undefined).success) continue;
      context.addIssue({
        code: 'custom',
        path: [],
        message: `\`${first.word}\` needs the key \`${key}\``,
        params: { hint: `write it so: ${first.example}` },
      });
    }
    const others = kinds.flatMap((kind) => Object.keys(kind.beside?.shape ?? {}));
    for (const key of new Set(others)) {
      if (value[key] === undefined || Object.hasOwn(shape, key)) continue;
      context.addIssue({
        code: 'custom',
        path: [key],
        message: `\`${key}\` does not go with \`${first.word}\``,
        params: { hint: 'leave it out' },
      });
    }
  };
}

function schemaOf(kinds: readonly FaultKind[]) {
  const shape = Object.fromEntries(kinds.map(({ word, schema }) => [word, schema.optional()]));
  const beside = kinds.flatMap((kind) => Object.entries(kind.beside?.shape ?? {}));
  return z.strictObject({
    ...shape,
    ...Object.fromEntries(beside.map(([key, schema]) => [key, schema.optional()])),
    as: name.exactOptional().describe('The name by which `heal` ends the fault.'),
  });
}
