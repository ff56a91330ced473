/** The reference page, made from the tables: every word of a scenario, every command. */
import type { Command } from 'commander';
import { z } from 'zod';
import { CAPABILITIES } from '../agent/protocol.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { StepWord } from '../scenario/vocabulary.ts';

interface Word {
  word: string;
  summary: string;
  example: string;
  schema: z.ZodType;
}

export interface Tables {
  steps: readonly (Word & Pick<StepWord, 'action'>)[];
  faults: readonly Word[];
  expectations: readonly Word[];
  host: z.ZodType;
  control: z.ZodType;
  program: Command;
}

type Json = {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Json>;
  required?: string[];
  anyOf?: Json[];
  oneOf?: Json[];
  enum?: unknown[];
  const?: unknown;
  items?: Json;
};

const SCENARIO = `A scenario has \`lab:\` (its name), \`about:\` (one sentence), \`networks:\`, \`hosts:\` and \`steps:\`. A network is its
subnet in CIDR, IPv4 from /8 to /30 or IPv6 from /16 to /126, or one of each in a list, or \`auto\` for one of IPv4 that is
free here; or a map: \`subnet\`, \`mtu\` (bytes of the largest packet, 1500 where it is not written) and \`internet: true\`
(its hosts reach the machine and, through it, the world, by IPv4; not on netns).
\`dhcp: gw\` names a host on the network that hands out its addresses: every other host on it that has no written address asks
for the one that is planned for it, while the lab comes up, and learns with it what it is to know of routers and the name server
(RFC 2131). \`dns: gw\` names the network's name server: its hosts ask there for the names of the lab, \`echo\` and \`echo.dmz\`, and
their hosts files know only themselves. Nobody outside is asked.

A host has an address of each family that its network has: \`{ both: [10.50.2.10, "fd00:50:2::10"] }\`, or one of them, and
the next free one is handed out for the other. A name means the first family of the network on which the two meet, or to
which the nearest way leads; \`family: ipv6\` at a step says otherwise. A literal of IPv6 is in brackets where a port follows:
\`"[fd00:50:2::10]:9000"\`. Each family goes by the routers that have it on both sides. A host that is on no network of IPv6
has none; on the others its cards have link-local addresses too, made of their MACs (EUI-64). \`dhcp\` hands out addresses of
IPv4, \`dns\` answers for both.

A card's MAC is made from the lab's name and the address, or written:
\`{ lan: { address: 10.50.1.10, mac: "02:00:00:00:00:99" } }\`, where \`address\` may be a list or left out. It is unicast, and each is
in a lab once. A host may speak with other MACs too, as of a bridge or a macvlan of its own: they pass, and faults hold for them.

A name is 2 to 32 lower-case letters, digits and hyphens, a letter first. \`capture: all\`, or a list of hosts, has them capture for
the whole run; a step that looks at the wire captures where it looks without that, and \`lanlab run --capture FILE\` writes it.`;

const PATIENCE = `Every limit in seconds can be raised at once, for a machine that is slow or busy: \`--patience 3\` (\`LANLAB_PATIENCE=3\`, in the
library \`lab(scenario, { patience: 3 })\`) multiplies them all, those that a scenario writes too: \`within\`, \`give_up\`, \`ready: { within: … }\`,
and lanlab's own. A limit only ends what would fail, so nothing that works takes longer. \`for\`, and how long a step that expects
\`fails: timeout\` waits for it, are no limits and stay as they are.`;

const STEP = `A step has one of these words, an \`at:\` (the host at which it is done; faults have none), and if wanted \`name:\`,
\`before:\` (what is made ready and is no part of the step: \`[{ forget: neighbours }]\` makes its host ask for MAC addresses
again, with \`at:\` other hosts), \`do:\` (what follows on the same conversation: a list of single acts), \`expect:\`, and \`shows:\` (which claims of the socket
tutorials it shows: C1 to C36, P1 to P13, W1 to W7) with \`control:\` (a world in which they are false; below). In \`do:\`, \`receive\` takes the next bytes and leaves the rest to the next
reading; what is left at the end of a conversation without a name makes the step fail.`;

const CONTROL = `Under \`control:\` of a step that \`shows\` claims: the same steps in a world where they are false, and which check of
this step then does not hold, and what it finds. One for all that the step shows, or a map of one for each:
\`control: { C16: { … } }\`. Where a claim says several things, a list of them stands in the place of one, each with one of the
things made false. \`lanlab run\` does not look at them, \`lanlab claims --prove\` does. In \`fails\`, a text is a part
of what is said, and \`/a pattern/\` stands between slashes.

\`\`\`yaml
control:
  world: [{ at: echo, listen: { tcp: 9400, as: early } }]     # somebody listens
  fails: { check: "fails: refused", found: no failure }
\`\`\``;

export function referenceText({ steps, faults, expectations, host, control, program }: Tables): string {
  return `${[
    '# Reference',
    'Made from the tables in the code by `npm run docs`; do not edit.',
    SCENARIO,
    '## Hosts',
    keysTable(jsonOf(host)),
    '## Steps',
    STEP,
    ...steps.flatMap((step) => [...wordSection(step), ...(step.action ? actionSection(step.action) : [])]),
    '## Faults',
    'The words under `fault:`.',
    ...faults.flatMap(wordSection),
    '## Expectations',
    'Under `expect:`. `within:` is how long it may take to become true (5 s), `for:` how long it must stay true.',
    ...expectations.flatMap(wordSection),
    '## Controls',
    CONTROL,
    keysTable(jsonOf(control)),
    '## Capabilities',
    `What a step may need of a host: ${CAPABILITIES.map((word) => `\`${word}\``).join(', ')}. \`lanlab engines\` says which are here.`,
    '## Commands',
    ...program
      .createHelp()
      .visibleCommands(program)
      .filter((command) => command.name() !== 'help')
      .flatMap(commandSection),
    '## Exit codes',
    [
      '| code | |',
      '|---|---|',
      ...Object.entries(EXIT_CODES).map(([code, means]) => `| ${code} | ${means} |`),
    ].join('\n'),
    '`exec` and `shell` end with the exit code of the program that they ran, 128 + n where signal n ended it.',
    '## Limits in seconds',
    PATIENCE,
  ].join('\n\n')}\n`;
}

function jsonOf(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
}

function wordSection({ word, summary, example, schema }: Word): string[] {
  const table = keysTable(jsonOf(schema));
  return [`### ${word}`, summary, `\`\`\`yaml\n${example.trimEnd()}\n\`\`\``, ...(table ? [table] : [])];
}

function actionSection(action: z.ZodType): string[] {
  const keys = variants(jsonOf(action)).flatMap((variant) => Object.keys(variant.properties ?? {}));
  return [`\`do:\` takes ${[...new Set(keys)].map((key) => `\`${key}\``).join(', ')}.`];
}

function variants(json: Json): Json[] {
  const inner = json.anyOf ?? json.oneOf;
  return inner ? inner.flatMap(variants) : [json];
}

function keysTable(json: Json): string {
  const maps = variants(json).filter(({ properties }) => properties);
  const keys = new Map(maps.flatMap(({ properties }) => Object.entries(properties ?? {})));
  if (keys.size === 0) return '';
  const rows = [...keys].map(([key, value]) => {
    const needed = maps.every(({ required }) => required?.includes(key)) ? ' (needed)' : '';
    return `| \`${key}\`${needed} | ${typeName(value)} | ${value.description ?? ''} |`;
  });
  return ['| key | is | |', '|---|---|---|', ...rows].join('\n');
}

function typeName(json: Json): string {
  const inner = json.anyOf ?? json.oneOf;
  if (inner) return [...new Set(inner.map(typeName))].join(' or ');
  if (json.enum) return json.enum.map((value) => `\`${value}\``).join(', ');
  if (json.const !== undefined) return `\`${json.const}\``;
  if (json.type === 'object')
    return json.properties ? `map of ${Object.keys(json.properties).join(', ')}` : 'map';
  if (json.type === 'array') return `list of ${json.items ? typeName(json.items) : 'values'}`;
  return [json.type ?? 'value'].flat().join(' or ').replace('string', 'text');
}

function commandSection(command: Command): string[] {
  const help = command.createHelp();
  const options = help.visibleOptions(command).filter(({ long }) => long !== '--help');
  const rows = options.map((option) => `| \`${option.flags}\` | ${help.optionDescription(option)} |`);
  return [
    `### lanlab ${command.name()}`,
    `\`lanlab ${command.name()} ${command.usage()}\`: ${command.description()}.`,
    ...(rows.length > 0 ? [['| option | |', '|---|---|', ...rows].join('\n')] : []),
  ];
}
