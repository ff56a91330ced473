/** Every key of a host and of a network as it would be written, for hints and for the reference. */
import type { Names } from '../../wire/lines/hint.ts';
import { named } from './flow.ts';

export const HOST_EXAMPLE = {
  program: 'peer',
  service: 'tcp-echo',
  image: 'nginx:1.29',
  build: './web',
  command: 'python3 -m http.server 80',
  ready: { tcp: 80 },
  networks: ['lan'],
  on: 'a',
  gateway: 'gw',
  routes: { '10.9.0.0/16': 'gw' },
  forward: true,
  nat: { outside: 'wan', ports: { '8080': 'web:80' } },
  allow: ['tcp * > *:22'],
  deny: ['tcp * > *:23'],
  reject: ['udp * > *:53'],
  env: { PORT: '80' },
  files: { '/srv/hello.txt': 'hello' },
  sysctls: { 'net.ipv4.ip_default_ttl': '32' },
  tls: true,
} as const;

export const NETWORK_EXAMPLE = {
  subnet: '10.50.1.0/24',
  mtu: 1400,
  internet: true,
  link: { delay: '20ms', loss: '2%' },
  dhcp: 'gw',
  dns: 'gw',
} as const;

/** An example with the names of a file. */
export function exampleFor<T>(example: T, names: Names): T {
  return named(example, names) as T;
}
