/** What is measured of the five programs, and against whom. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Load, Server } from './measured.ts';

export interface Row {
  /** As `--only` takes it. */
  name: string;
  what: string;
  against: string;
  load: Load;
  /** Where the peer needs another. */
  theirLoad?: Load;
  ours: Server;
  theirs: Server;
  /** The least that Node can do. */
  bare: Server;
  /** The least that Node can do of the same where the program tells its messages: it writes as many lines. */
  telling?: Server;
  /** Of the peer's figure. */
  atLeast: number;
  unit: 'messages/s' | 'MB/s' | 'lines/s';
}

const here = import.meta.dirname;
const reference = (name: string) => join(here, '../reference', name);
const SECONDS = 3;
/** All clients are at one address: the limit of requests is looked at, and never reached. */
const TIME = {
  ...{ PORT_NTP: 'PORT', NTP_RATE: '1000000' },
  ...{ PORT_TIME: '0', PORT_DAYTIME: '0', PORT_SECONDS: '0' },
};
/** Bytes of the file that is fetched. */
export const FILE_BYTES = 2 ** 30;

/** `folder` holds the compiled references and `files/`, with one large file. */
export function rowsIn(folder: string): Row[] {
  const compiled = (name: string, ...words: string[]): Server => ({
    argv: [join(folder, name), 'PORT', ...words],
  });
  const bare = (kind: string, ...words: string[]): Server => ({
    argv: [process.execPath, reference('bare.mjs'), kind, 'PORT', ...words],
  });
  const telling = ({ argv }: Server): Server => ({ argv: [...argv, 'told'] });
  const program = (name: string, env: Record<string, string>): Server => ({
    argv: [process.execPath, join(here, '../../services', name, 'main.ts')],
    env: { HOST: '127.0.0.1', ...env },
  });
  const levels = [
    ['', 'messages'],
    [', events off', 'off'],
  ] as const;
  const both = (
    row: Omit<Row, 'ours' | 'atLeast'>,
    ours: (EVENTS: string) => Server,
    least: [number, number],
  ): Row[] =>
    levels.map(([words, level], index) => ({
      ...row,
      ...(index === 0 && { telling: telling(row.bare) }),
      name: index === 0 ? row.name : `${row.name}-off`,
      what: row.what + words,
      ours: ours(level),
      atLeast: least[index]!,
    }));
  const files = { ROOT: join(folder, 'files'), PORT_TFTP: '0' };
  const fetched = (
    name: string,
    what: string,
    clients: number,
    atLeast: number,
    ours: Server,
    [text, kind]: [string, string],
  ): Row => ({
    ...{ name, what, atLeast, ours, unit: 'MB/s', against: 'nginx with sendfile' },
    load: ['fetch', clients, '-', SECONDS, text],
    // nginx has one protocol.
    theirs: nginx(folder),
    theirLoad: ['fetch', clients, '-', SECONDS, 'GET /large HTTP/1.0\r\n\r\n'],
    bare: bare(kind, join(folder, 'files/large')),
  });
  return [
    ...both(
      {
        ...{
          name: 'echo',
          what: 'TCP echo, 64 bytes on 64 connections',
          against: 'C, one thread with epoll',
        },
        ...{
          load: ['echo', 64, 64, SECONDS],
          theirs: compiled('tcp-echo'),
          bare: bare('echo'),
          unit: 'messages/s',
        },
      },
      (EVENTS) => program('tcp-echo', { PORT_ECHO: 'PORT', PORT_CAPITALS: '0', EVENTS }),
      [0.5, 0.6],
    ),
    {
      ...{
        name: 'capitals',
        what: 'TCP capitals, 64 KiB on 8 connections, a fresh process',
        unit: 'MB/s',
        atLeast: 0.85,
      },
      ...{ against: 'C, one thread with epoll', load: ['stream', 8, 65_536, SECONDS] },
      ours: program('tcp-echo', { PORT_ECHO: '0', PORT_CAPITALS: 'PORT' }),
      theirs: compiled('tcp-echo', 'capitals'),
      bare: bare('echo'),
    },
    ...both(
      {
        ...{ name: 'udp', what: 'UDP echo, 64 bytes, 32 outstanding', against: 'a loop in Python' },
        ...{ load: ['udp', 64, 32, SECONDS], bare: bare('udp'), unit: 'messages/s' },
        theirs: { argv: ['python3', reference('udp-echo.py'), 'PORT'] },
      },
      (EVENTS) => program('udp-echo', { PORT_ECHO: 'PORT', PORT_CAPITALS: '0', EVENTS }),
      [0.6, 0.72],
    ),
    ...both(
      {
        ...{ name: 'ntp', what: 'NTP replies, 32 outstanding', against: 'chronyd' },
        ...{ load: ['ntp', '-', 32, SECONDS], bare: bare('ntp'), unit: 'messages/s' },
        theirs: chronyd(folder),
      },
      (EVENTS) => program('time', { ...TIME, EVENTS }),
      [0.48, 0.6],
    ),
    ...(
      [
        [1, 0.8],
        [8, 0.67],
      ] as const
    ).flatMap(([clients, atLeast]) => [
      fetched(
        ...[`http-${clients}`, `a file of 1 GiB over HTTP, ${clients} at once`, clients, atLeast],
        program('files', { ...files, PORT_HTTP: 'PORT', PORT: '0' }),
        ['GET /large HTTP/1.0\r\n\r\n', 'http'],
      ),
      fetched(
        ...[
          `name-${clients}`,
          `a file of 1 GiB in the tutorial's protocol, ${clients} at once`,
          clients,
          atLeast,
        ],
        program('files', { ...files, PORT_HTTP: '0', PORT: 'PORT' }),
        ['large\n', 'name'],
      ),
    ]),
    {
      ...{
        name: 'irc',
        what: 'chat over IRC, 200 people, 64 lines outstanding',
        against: 'ngircd, `MaxPenaltyTime = 0`',
      },
      ...{ load: ['irc', 200, 64, SECONDS], bare: bare('irc'), unit: 'lines/s', atLeast: 0.8 },
      ours: program('chat', { PORT: '0', PORT_IRC: 'PORT' }),
      theirs: ngircd(folder),
    },
    {
      ...{
        name: 'chat',
        what: 'chat over UDP, 200 people, 64 lines outstanding',
        against: 'a loop of `sendto` in C',
      },
      ...{ load: ['chat', 200, 64, SECONDS], bare: bare('chat'), unit: 'lines/s', atLeast: 0.6 },
      telling: telling(bare('chat')),
      ours: program('chat', { PORT: 'PORT', PORT_IRC: '0' }),
      theirs: compiled('chat'),
    },
  ];
}

/** A configuration in a file, with PORT as the shell's variable. */
function configured(folder: string, name: string, text: string, command: string): Server {
  const file = join(folder, `${name}.conf`);
  writeFileSync(file, text);
  const script = `sed "s/P[O]RT/$0/" ${file} >${file}.$0; ${command.replaceAll('CONF', `${file}.$0`)}`;
  return { argv: ['sh', '-c', script, 'PORT'], silent: true };
}

function chronyd(folder: string): Server {
  const text = `local stratum 8\nallow\nport PORT\ncmdport 0\nbindcmdaddress /\npidfile ${folder}/chronyd.pid\n`;
  const server = configured(folder, 'chronyd', text, 'exec chronyd -x -d -u root -f CONF');
  // It says on standard error that it is there.
  return { ...server, silent: false, argv: ['sh', '-c', `{ ${server.argv[2]} ; } 2>&1`, 'PORT'] };
}

function nginx(folder: string): Server {
  const text = `daemon off; user root; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log; events {}
http { access_log off; sendfile on; tcp_nopush on; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
server { listen 127.0.0.1:PORT; root ${folder}/files; } }\n`;
  return configured(folder, 'nginx', text, 'exec nginx -c CONF');
}

function ngircd(folder: string): Server {
  const text = `[Global]\nName = irc.bench.example\nInfo = bench\nPorts = PORT\nListen = 127.0.0.1\nServerUID = root\nServerGID = root
[Limits]\nMaxConnections = 0\nMaxConnectionsIP = 0\nMaxPenaltyTime = 0\n[Options]\nDNS = no\nIdent = no\nPAM = no\n`;
  return configured(folder, 'ngircd', text, 'exec ngircd -n -f CONF');
}
