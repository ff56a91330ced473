/** Synonyms at a host: from compose and `docker run`, containerlab, netplan, Kubernetes. */
import { flow } from '../hints/flow.ts';
import type { Synonyms, Written } from './synonym.ts';

const REACHABLE = 'leave it out: every port can be reached from the networks of its host';
const NO_LIMITS = 'leave it out: lanlab gives hosts no limits and no rights of their own';

export const host: Synonyms = {
  same: {
    env: 'environment envs vars variables env_vars environ',
    command: 'cmd entrypoint args exec run binary shell script start process argv',
    networks: 'network interfaces nics ethernets links lans eth0 ports_on attached net nets',
    ready: 'healthcheck health wait_for readiness readiness_probe wait',
    forward: 'router routing ip_forward forwarding is_router routes_packets',
    routes: 'route static_routes static routing_table ip_route',
    gateway: 'gateway4 gateway6 default_gateway gw via default_route router_address next_hop',
    files: 'file copy content templates',
    build: 'dockerfile context',
    nat: 'masquerade snat port_forward port_forwarding dnat',
    allow: 'accept permit firewall rules iptables acl ingress nftables',
    deny: 'drop block blacklist',
    reject: 'refuse prohibit',
    sysctls: 'sysctl kernel',
    image: 'container docker docker_image',
    service: 'services role kind_of',
    tls: 'https ssl certificate certificates cert certs secure',
  },
  say: {
    'ip ips address addresses ipv4 ip_address ipv4_address ipv6 ipv6_address cidr ip4 ip6': address,
    'ports port expose publish': ({ names }) =>
      `${REACHABLE}; a router's NAT leads a port to a host inside with nat: { outside: ${names.outside}, ports: { "8080": "${names.other}:80" } }`,
    'volumes binds mounts volume bind tmpfs volumes_from':
      'no folder of this machine is in the lab: write files: { /srv/hello.txt: hello }; with `build:` an image brings its own',
    'depends_on links_to after requires needs':
      'leave it out: every program is ready before the first step; `ready: { tcp: 80 }` says what ready means',
    'restart restart_policy autostart': ({ names }) =>
      `leave it out: a program that has ended stays ended; a step starts it again (start: ${names.other})`,
    'container_name hostname name domainname alias aliases':
      'leave it out: the key of the host is its name, and others reach it by that',
    'dns nameserver nameservers resolver dns_search resolvers': ({ names }) =>
      `a name server is a host on a network, and is named there: networks: { ${names.network}: { subnet: 10.50.1.0/24, dns: ${names.other} } }`,
    'dhcp dhcp4 dhcp6': ({ names }) =>
      `a host on a network with \`dhcp\` asks for its address by itself: networks: { ${names.network}: { subnet: 10.50.1.0/24, dhcp: ${names.other} } }`,
    'mtu txqueuelen': ({ value, names }) =>
      `an MTU is a card's: write networks: { ${names.network}: { mtu: ${typeof value === 'number' ? value : 1400} } }`,
    'mac mac_address macaddress hwaddr': ({ value, names }) =>
      `a MAC is a card's: write networks: { ${names.network}: { mac: ${JSON.stringify(typeof value === 'string' ? value : '02:00:00:00:00:99')} } }`,
    'kind type os flavour':
      'say what runs there: `service`, `image`, `build` or `command`; with none it is a plain host',
    'privileged cap_add cap_drop user group working_dir cpus cpu memory mem_limit ulimits deploy security_opt devices init':
      NO_LIMITS,
    'tty stdin_open labels logging profiles platform pull_policy network_mode stop_signal stop_grace_period ipc pid':
      'leave it out: lanlab has no such setting',
    extra_hosts: 'leave it out: every host knows the others by name',
    env_file: 'write the variables out: env: { PORT: 80 }',
    'secrets configs config startup_config': 'write the file: files: { /etc/app.conf: hello }',
    'replicas scale count': 'write each host out under its own name',
    'steps tasks': ({ names }) =>
      `steps stand beside \`hosts\`, each with its host: steps: [{ at: ${names.host}, … }]`,
    'postgres mysql redis nginx': 'write image: redis, or another image',
    version: 'write it in the image: image: nginx:1.29',
  },
};

function address({ value, around, names }: Written): string {
  const on =
    Array.isArray(around.networks) && typeof around.networks[0] === 'string'
      ? around.networks[0]
      : names.network;
  const [first] = [value].flat();
  const written = typeof first === 'string' ? first.replace(/\/\d+$/, '') : '10.50.1.10';
  return `an address stands with its network: write networks: { ${on}: ${flow(written)} }`;
}
