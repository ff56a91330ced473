/** A compose file for a plan. Pure: the same plan, the same text. */
import type { Plan, PlannedNetwork } from '../../model/planned.ts';
import { bridgeOptions, ipv4Of } from '../bridge-options.ts';
import { heading } from './heading.ts';
import { here, labServices, labTemplate, standing, TEMPORARY } from './lab-services.ts';
import { print } from './print.ts';
import {
  agentOf,
  agentService,
  agentTemplate,
  programOf,
  programTemplate,
  type Sources,
  type YamlMap,
} from './services.ts';
import { fileVolumes } from './volumes.ts';

export interface ComposeFileOptions {
  /** The folder with the sources of lanlab, as seen from where the file will be: `.`, `../lanlab`. */
  root: string;
}

/** A file that stands alone: it builds its images, and its service `lab` does the steps of the scenario. */
export function composeFile(scenario: string, plan: Plan, { root }: ComposeFileOptions): string {
  const sources = standing(root);
  const { services, volumes = {}, ...rest } = hostsTree(plan, sources, 'set-up');
  const template = labTemplate(sources);
  const tree = {
    name: plan.lab,
    'x-lab': template,
    ...rest,
    services: { ...labServices(scenario, plan, template), ...services },
    volumes: { agents: TEMPORARY, events: structuredClone(TEMPORARY), ...volumes },
    configs: { scenario: { file: here(scenario) } },
  };
  return `${heading(scenario, plan)}\n${print(tree)}`;
}

/** The hosts and programs alone, for an orchestrator that drives the agents' sockets from outside. */
export function hostsFile(plan: Plan, sources: Sources): string {
  return print(hostsTree(plan, sources));
}

type HostsTree = { [key: string]: YamlMap; services: YamlMap; networks: YamlMap; volumes?: YamlMap };

function hostsTree(plan: Plan, sources: Sources, ready?: string): HostsTree {
  const agent = agentTemplate(plan.hosts, sources);
  const program = programTemplate();
  const agents = plan.hosts.map((host) => [agentService(host.name), agentOf(host, agent, sources)]);
  const programs = plan.hosts.flatMap((host) =>
    host.program ? [[host.name, programOf(host, host.program, program, sources, ready)]] : [],
  );
  const volumes = plan.hosts.flatMap(fileVolumes).map(({ volume }) => [volume, labels(sources)]);
  return {
    'x-agent': agent,
    ...(plan.hosts.some((host) => host.program?.kind === 'service') && { 'x-program': program }),
    services: Object.fromEntries([...agents, ...programs]),
    networks: Object.fromEntries(plan.networks.map((network) => [network.name, networkOf(network, sources)])),
    ...(volumes.length > 0 && { volumes: Object.fromEntries(volumes) }),
  };
}

function networkOf(network: PlannedNetwork, sources: Sources): YamlMap {
  const four = ipv4Of(network);
  const options = bridgeOptions(network);
  return {
    ...labels(sources),
    ...(Object.keys(options).length > 0 && { driver_opts: options }),
    ...(four && { ipam: { config: [{ subnet: four.subnet, gateway: four.engineAddress }] } }),
  };
}

function labels({ labels }: Sources): YamlMap {
  return labels ? { labels: labels() } : {};
}
