/** A scenario as an object, with the keys and values that YAML would have; checked by the same rules. */
import { stringify } from 'yaml';
import type { Depends, NatKind } from '../model/nat-kinds.ts';
import type { SERVICES } from '../model/types.ts';

export interface WrittenScenario {
  /** The lab's name. */
  lab: string;
  about?: string;
  /** `10.50.1.0/24`, one of each family in a list, or `auto` for one of IPv4 that is free. */
  networks: Record<
    string,
    | Subnets
    | {
        subnet: Subnets;
        mtu?: number;
        internet?: boolean;
        dhcp?: string | WrittenDhcp;
        dns?: string;
        link?: WrittenLink;
      }
  >;
  /** Programs that several hosts have by their names. */
  programs?: Record<string, WrittenProgram>;
  hosts: Record<string, WrittenHost>;
  /** Between two hosts, in both directions or in one. */
  links?: readonly (WrittenImpairment & { seed?: number } & (
      | { between: readonly [string, string] }
      | { from: string; to: string }
    ))[];
  steps?: readonly WrittenStep[];
}

/** A server of addresses: its range (`10.50.1.100-10.50.1.150`), the time of a lease (`2m`), and its relay. */
export interface WrittenDhcp {
  by: string;
  range?: string;
  lease?: string;
  relay?: string;
}

type Subnets = string | readonly string[];

type Addresses = string | readonly string[] | null;

export interface WrittenProgram {
  /** One of the five programs. */
  service?: (typeof SERVICES)[number];
  /** Any image. */
  image?: string;
  /** A folder with a Dockerfile, relative to the working directory. */
  build?: string | { context: string; dockerfile?: string };
  /** A line for the shell, or a program and its arguments. */
  command?: string | readonly string[];
  /** When the program counts as ready; `within` is a time with its unit: `30s`. */
  ready?: { tcp?: number; log?: string; within?: string };
  env?: Record<string, string | number | boolean>;
  /** By absolute path. */
  files?: Record<string, WrittenBytes | ((WrittenMap | { from: string }) & { mode?: string })>;
}

export interface WrittenHost extends WrittenProgram {
  /**
   * Names, or the address on each (one of each family in a list), with its card's MAC and MTU if wanted; null: the next
   * free address.
   */
  networks:
    | readonly string[]
    | Record<
        string,
        Addresses | { address?: Addresses; mac?: string; mtu?: number; link?: WrittenLink; dhcp?: true }
      >;
  /** One of `programs`, by its name. */
  program?: string;
  /** Next hops to all other networks: a router, an address, or several in order of preference; `none`. */
  gateway?: string | readonly string[];
  /** Static routes: `{ '10.9.0.0/16': 'gw' }`; the next hop is a router or an address. */
  routes?: Record<string, string>;
  /** It is a router. */
  forward?: boolean;
  /** It has a certificate for its names and addresses, signed by the lab's CA. */
  tls?: boolean;
  nat?: {
    outside: string;
    kind?: NatKind;
    mapping?: Depends;
    filtering?: Depends;
    hairpin?: boolean;
    /** `5m` */
    timeout?: string;
    answers?: boolean;
    /** `{ 8080: 'web:80' }`, or maps of those under `tcp` and `udp`. */
    ports?: Record<string, string | Record<string, string>>;
  };
  /** `tcp * > web:22` */
  allow?: readonly string[];
  deny?: readonly string[];
  reject?: readonly string[];
  sysctls?: Record<string, string | number>;
}

export type WrittenBytes = string | WrittenMap;

type WrittenMap =
  | { text: string }
  | { hex: string }
  | { repeat: string; times: number }
  | { random: number | string; seed: string };

/** The impairments of a fault of a link; several may stand together. */
export interface WrittenImpairment {
  /** `20ms`, `1.5s` */
  delay?: string;
  jitter?: string | { by: string; spread: 'uniform' | 'normal' };
  /** `2%` */
  loss?: string | { rate: string; burst?: number };
  duplicate?: string;
  corrupt?: string;
  reorder?: string;
  /** `10Mbit/s`, or the path of a trace. */
  rate?: string | { trace: string };
  /** The room for frames that wait for their turn at the rate: `50 packets`, `64KiB`, `100ms`. */
  queue?: string;
  mtu?: number;
}

/** A link that has a name, or its numbers: for both directions, or for each. */
export type WrittenLink =
  | string
  | (WrittenImpairment & { out?: WrittenImpairment; in?: WrittenImpairment; seed?: number });

/** The place where a fault of a link acts. */
export type WrittenOn =
  | string
  | readonly [string, string]
  | { from: string | readonly string[]; to: string | readonly string[] }
  | { out: string }
  | { in: string }
  | { network: string };

interface WrittenPlace {
  on: WrittenOn;
  /** `udp alice > echo:9000` */
  only?: string;
}

type Side = string | readonly string[];

/** One fault, as under `fault` in a scenario. */
export type WrittenFault =
  | (WrittenImpairment & WrittenPlace & { seed?: number })
  | { drop: { nth: number | readonly number[]; of: string }; on?: WrittenOn }
  | { blackhole: WrittenOn; only?: string }
  | { reset: WrittenOn; only?: string }
  | { reject: WrittenOn; only?: string }
  | {
      cut:
        | readonly [Side, Side]
        | { from: Side; to: Side; arp?: 'keep' }
        | { between: readonly [Side, Side]; arp: 'keep' }
        /** Machines of a lab over several. */
        | { nodes: readonly [Side, Side] };
    }
  | { unplug: string }
  | { move: { host: string; from?: string; to: string; address?: string | readonly string[] } }
  | { stop: string }
  | { kill: string }
  | { crash: string }
  | { pause: string }
  /** `3600s`, `-250ms`; `100ppm` */
  | { skew: { host: string; by?: string; rate?: string } }
  | { full: string }
  /** `10%` of one processor */
  | { slow: { host: string; cpu: string } };

/** `at`, one action under its word (`tcp`, `udp`, `ping`…), and what is expected of it. */
export interface WrittenStep {
  at?: string;
  name?: string;
  do?: readonly Record<string, unknown>[];
  expect?: Record<string, unknown>;
  [word: string]: unknown;
}

/** Texts are quoted, so that YAML reads each of them as a text. */
export function yamlOf(scenario: WrittenScenario | Pick<WrittenScenario, 'steps'>): string {
  return stringify(scenario, {
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    aliasDuplicateObjects: false,
    keepUndefined: false,
    lineWidth: 0,
  });
}
