/** JSON Schema (draft 2020-12) of a scenario, made from the very schemas that check it, so that editors complete. */
import { z } from 'zod';
import { beforeEntry } from './before.ts';
import { captureSchema } from './capture.ts';
import { controlForm } from './control-form.ts';
import { hostSchema } from './hosts.ts';
import { networkSchema } from './networks.ts';
import { mac } from './own-macs.ts';
import { duration, name, title, words } from './values.ts';
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
      about: { ...json(words), description: 'What it shows, in one sentence.' },
      networks: mapOf('Networks by name.', networkJson()),
      hosts: mapOf('Hosts by name.', hostJson()),
      capture: { ...json(captureSchema), description: 'Where frames are captured for the whole run.' },
      steps: {
        type: 'array',
        description: 'What is done, in order. A step holds one action, and what is expected of it.',
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
      'The network in CIDR: 10.50.1.0/24, "fd00:50:1::/64", or one of each family in a list; or auto: one of IPv4 that is free.',
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
      'Its address there, or one of each family in a list; the next free one where none is written.',
    anyOf: [
      { type: ['string', 'null'] },
      { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 2 },
    ],
  };
  const card = {
    type: 'object',
    additionalProperties: false,
    properties: { address, mac: json(mac) },
  };
  const networks = {
    description: 'The networks it is on, in the order of its cards: eth0, eth1…',
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
      name: { ...json(title), description: 'What the step claims.' },
      at: { ...json(name), description: 'The host at which it is done.' },
      ...Object.fromEntries(steps.map(described)),
      before: { type: 'array', description: 'Made ready before the action.', items: json(beforeEntry) },
      do: { type: 'array', description: 'What follows on the same conversation.', items: { anyOf: actions } },
      expect: {
        type: 'object',
        additionalProperties: false,
        properties: {
          ...Object.fromEntries(expectations.map(described)),
          within: { ...json(duration), description: 'It becomes true by then.' },
          for: { ...json(duration), description: 'It stays true so long.' },
        },
      },
      shows: { type: 'array', description: 'Claims that it shows.', items: { type: 'string' } },
      control: {
        description:
          'Worlds in which they are false, and how the step fails there: one or a list, or by claim.',
        anyOf: [...worlds, mapOf('By claim.', { anyOf: worlds })],
      },
    },
  };
}
