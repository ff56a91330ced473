// The least that Node can do of each program, with nothing beside it: `bare.mjs KIND PORT [FILE]`. With `told` in place of the file it
// writes as many lines of as many bytes as the program's events have, always the same and a millisecond together.
import { createSocket } from 'node:dgram';
import { createReadStream, statSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';

const [kind, port, file] = process.argv.slice(2);
const ready = () => console.log('ready');

const end = { address: '127.0.0.1', port: 50_000 };
const told = {
  time: '2026-12-01T12:00:00.123456Z',
  event: 'receive',
  transport: 'udp',
  peer: end,
  local: end,
  bytes: 64,
};
const TEXTS = {
  echo: 'a'.repeat(64),
  udp: 'a'.repeat(64),
  chat: 'p1 (127.0.0.1:50000): line 100000 of a conversation',
};
const line = Buffer.from(`${JSON.stringify({ ...told, text: TEXTS[kind] })}\n`);
let [waiting, other] = [Buffer.alloc(1 << 22), Buffer.alloc(1 << 22)];
let size = 0;
let isWriting = false;
const tell =
  file === 'told'
    ? () => {
        size += line.copy(waiting, size);
        if (isWriting) return;
        isWriting = true;
        setTimeout(() => {
          const all = waiting.subarray(0, size);
          [waiting, other] = [other, waiting];
          size = 0;
          process.stdout.write(all, () => {
            isWriting = false;
          });
        }, 1);
      }
    : () => {};

const KINDS = {
  echo: () =>
    createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        tell();
        if (!socket.write(chunk)) socket.pause();
        tell();
      });
      socket.on('drain', () => socket.resume());
    }).listen(port, ready),
  udp() {
    const socket = createSocket({ type: 'udp4', lookup: (address, _, done) => done(null, address, 4) });
    socket.on('message', (data, { port, address }) => {
      tell();
      socket.send(data, port, address);
      tell();
    });
    socket.bind(port, ready);
  },
  ntp() {
    const socket = createSocket({ type: 'udp4', lookup: (address, _, done) => done(null, address, 4) });
    socket.on('message', (data, { port, address }) => {
      tell();
      const reply = Buffer.alloc(48);
      reply[0] = 0x24;
      reply[1] = 2;
      data.copy(reply, 24, 40, 48);
      const now = Date.now();
      for (const at of [32, 40]) reply.writeUInt32BE((Math.floor(now / 1000) + 2_208_988_800) >>> 0, at);
      socket.send(reply, port, address);
      tell();
    });
    socket.bind(port, ready);
  },
  http() {
    const { size } = statSync(file);
    createHttp((_, answer) => {
      answer.writeHead(200, { 'content-length': size, connection: 'close' });
      createReadStream(file, { highWaterMark: 256 * 1024 }).pipe(answer);
    }).listen(port, ready);
  },
  /** The tutorial's protocol: a name in one line, then the file and the end. */
  name: () =>
    createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => createReadStream(file, { highWaterMark: 256 * 1024 }).pipe(socket));
    }).listen(port, ready),
  /** A line goes to everybody but the one who sent it, once a turn of the loop. */
  irc() {
    const people = new Map();
    createServer({ noDelay: true }, (socket) => {
      let rest = '';
      let name = '';
      socket.setEncoding('utf8');
      socket.on('error', () => {});
      socket.on('data', (text) => {
        const lines = (rest + text).split('\r\n');
        rest = lines.pop();
        for (const line of lines) {
          const [word, argument] = line.split(' ', 2);
          if (word === 'NICK') name = argument;
          else if (word === 'USER') socket.write(`:bare 001 ${name} :hello\r\n`);
          else if (word === 'JOIN') {
            people.set(socket, undefined);
            socket.write(`:bare 366 ${name} #lan :end\r\n`);
          } else if (word === 'PRIVMSG') {
            const said = Buffer.from(`:${name}!${name}@host ${line}\r\n`);
            for (const other of people.keys()) {
              if (other === socket) continue;
              if (!other.writableCorked) {
                other.cork();
                setImmediate(() => other.uncork());
              }
              other.write(said);
            }
          }
        }
      });
      socket.on('close', () => people.delete(socket));
    }).listen(port, ready);
  },
  chat() {
    const people = new Map();
    const socket = createSocket({ type: 'udp4', lookup: (address, _, done) => done(null, address, 4) });
    const say = (text, { port, address }) => {
      socket.send(text, port, address);
      tell();
    };
    socket.on('message', (data, peer) => {
      const key = `${peer.address} ${peer.port}`;
      const line = data.toString();
      if (line.startsWith('/login')) {
        people.set(key, peer);
        say('relay: welcome', peer);
      } else if (line === '/here') say('relay: say /here 00000000', peer);
      else if (line.startsWith('/here ')) say('relay: you are there', peer);
      else {
        const text = Buffer.from(`p (${key}): ${line}`);
        for (const [other, to] of people) if (other !== key) say(text, to);
      }
    });
    socket.bind(port, ready);
  },
};

KINDS[kind]();
