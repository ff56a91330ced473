/** JSON Schema (draft 2020-12) of a scenario, made from the same schemas that check it, so that editors can complete it. */
import { z } from 'zod';
import { captureSchema } from './capture.ts';
import { controlForm } from './controls/control-form.ts';
import { asksSchema } from './hosts/attachments.ts';
import { hostSchema } from './hosts/hosts.ts';
import { programSchema } from './hosts/programs.ts';
import { linkSchema } from './networks/link.ts';
import { networkSchema } from './networks/networks.ts';
import { beforeEntry } from './steps/before.ts';
import { linksSchema } from './topology/links.ts';
import { mac } from './topology/own-macs.ts';
import { mtu } from './values/mtu.ts';
import { duration, name, title, words } from './values/values.ts';
import type { Vocabulary } from './vocabulary.ts';

type Json = Record<string, unknown>;

/** The scenario as it is written, before any value is read. */
export function scenarioJsonSchema(vocabulary: Vocabulary): Json {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'lanlab scenario',
    type: 'object',
    required: ['lab', 'networks', 'hosts'],
    additionalProperties: false,
    properties: {
      lab: { ...json(name), description: 'The name of the lab.' },
      about: { ...json(words), description: 'A sentence that says what the lab shows.' },
      networks: mapOf('The networks, by name.', networkJson()),
      programs: mapOf('Programs, by name, each written once for several hosts.', json(programSchema)),
      hosts: mapOf('The hosts, by name.', hostJson()),
      links: {
        ...json(linksSchema),
        description: 'Links between two hosts: what frames from one to the other meet.',
      },
      capture: {
        ...json(captureSchema),
        description:
          'The hosts that capture frames for the whole run, or all. A step with `wire` captures by itself.',
      },
      steps: {
        type: 'array',
        description: 'The steps, in order. Each step has one action and its expectations.',
        items: stepJson(vocabulary),
      },
    },
  };
}

function json(schema: z.ZodType): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
  return rest;
}

function mapOf(description: string, value: Json): Json {
  return { type: 'object', description, additionalProperties: value };
}

function networkJson(): Json {
  const cidr = { type: 'string' };
  const subnet = {
    description:
      'The subnet in CIDR: 10.50.1.0/24, "fd00:50:1::/64", or one of each family in a list. auto: an IPv4 subnet that is free.',
    anyOf: [cidr, { type: 'array', items: cidr, minItems: 1, maxItems: 2 }],
  };
  const map = json(networkSchema);
  map.required = ['subnet'];
  map.properties = { subnet, ...(map.properties as Json) };
  return { anyOf: [...subnet.anyOf, map] };
}

function hostJson(): Json {
  const host = json(hostSchema);
  const address = {
    description:
      'Its address there, or one of each family in a list. Without one it gets the next free address.',
    anyOf: [
      { type: ['string', 'null'] },
      { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 2 },
    ],
  };
  const card = {
    type: 'object',
    additionalProperties: false,
    properties: {
      address,
      mac: json(mac),
      mtu: json(mtu),
      link: json(linkSchema),
      dhcp: json(asksSchema),
    },
  };
  const networks = {
    description:
      'A list of names, or a map of names to addresses. The first one is eth0, the second one is eth1.',
    anyOf: [
      { type: 'array', items: json(name) },
      {
        type: 'object',
        additionalProperties: { anyOf: [...address.anyOf, card], description: address.description },
      },
    ],
  };
  return { ...host, properties: { ...(host.properties as Json), networks } };
}

function stepJson({ steps, expectations }: Vocabulary): Json {
  const described = (word: { word: string; summary: string; schema: z.ZodType }) => [
    word.word,
    { ...json(word.schema), description: word.summary },
  ];
  const actions = steps.flatMap(({ action }) => (action ? [json(action)] : []));
  const worlds = [json(controlForm), { type: 'array', minItems: 1, items: json(controlForm) }];
  return {
    type: 'object',
    additionalProperties: false,
    oneOf: steps.map(({ word }) => ({ required: [word] })),
    properties: {
      name: { ...json(title), description: 'The claim of the step, in one line. Reports print it.' },
      at: { ...json(name), description: 'The host at which the step is done.' },
      ...Object.fromEntries(steps.map(described)),
      before: {
        type: 'array',
        description: 'Preparations before the action. They are not a part of the step.',
        items: json(beforeEntry),
      },
      do: {
        type: 'array',
        description: 'More actions on the conversation of the step, in order. For tcp and udp.',
        items: { anyOf: actions },
      },
      expect: {
        type: 'object',
        description: 'The expectations: they must be true after the action.',
        additionalProperties: false,
        properties: {
          ...Object.fromEntries(expectations.map(described)),
          within: {
            ...json(duration),
            description: 'How long they may take to become true (5s by default).',
          },
          for: { ...json(duration), description: 'How long they must stay true.' },
        },
      },
      shows: {
        type: 'array',
        description:
          'The claims of the socket tutorials that the step shows: C1 to C36, P1 to P13, W1 to W7.',
        items: { type: 'string' },
      },
      control: {
        description:
          'Worlds in which these claims are false, and how the step fails there: one map, a list, or a map by claim.',
        anyOf: [...worlds, mapOf('By claim.', { anyOf: worlds })],
      },
    },
  };
}
