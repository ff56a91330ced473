/** Synonyms at the first level: from compose, containerlab, Ansible. */
import type { Synonyms } from './synonym.ts';

export const lab: Synonyms = {
  same: {
    lab: 'name title project scenario id lab_name',
    about: 'description desc summary info comment',
    networks: 'network_list subnets lans switches bridges segments vlans',
    hosts: 'nodes machines services containers vms devices servers clients routers node computers all',
    programs: 'program apps applications templates roles',
    steps: 'tasks tests test checks actions script play playbook commands run do stages scenarios expect',
    capture: 'captures pcap tcpdump sniff record',
  },
  say: {
    version: 'leave it out: the form of a scenario has no version',
    'cables edges endpoints': ({ names }) =>
      `a cable joins a host to a network: name a network (networks: { ${names.network}: 10.50.1.0/24 }), and put both hosts on it (networks: [${names.network}])`,
    'topology defaults kinds mgmt':
      'put its keys one level up: `lab`, `networks`, `hosts` and `steps` are the first level',
    'volumes configs secrets': 'leave it out: a host has its files under `files`, written in the scenario',
    'engine driver backend provider': 'leave it out: the command says it, lanlab run --engine docker FILE',
    'vars variables env environment env_file':
      'write each value where it is used; a program has its variables at its host: env: { PORT: 80 }',
    'include includes import imports extends': 'write it out: a scenario is one file',
    'timeout give_up within': 'write it at the step: tcp: { …, give_up: 2s }, or expect: { …, within: 2s }',
    'faults fault': ({ names }) =>
      `a fault is a step: steps: [{ fault: { cut: [${names.host}, ${names.other}], as: gap } }]`,
    'routes routing': 'leave it out: routes are worked out; a router is a host with `forward: true`',
    'firewall rules': 'rules stand at a host: allow: ["tcp * > web:22"]',
    'gather_facts become remote_user connection': 'leave it out: steps begin with the host that does them',
  },
};
