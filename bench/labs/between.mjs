// node between.mjs KIND serve PORT, and node between.mjs KIND ask ADDRESS PORT: one measure between two hosts. KIND tcp prints the
// megabytes a second of three seconds of one connection, KIND udp the median round trip of small datagrams, in microseconds.
// Plain JavaScript, since it is handed to the Node of a host as an argument.
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';

const SECONDS = 3;
const ROUNDS = 5000;
/** Milliseconds after which somebody who may not be there yet is asked again. */
const AGAIN = 100;

const [kind, role, ...where] = process.argv.slice(1);
const port = Number(where.at(-1));

const measures = {
  tcp: {
    serve: () => {
      const server = createServer({ allowHalfOpen: true }, (client) => {
        server.close();
        client.on('data', () => {}).on('end', () => client.end('.'));
      });
      server.listen(port);
    },
    ask: () => {
      const peer = connect({ host: where[0], port });
      peer.once('error', () => setTimeout(measures.tcp.ask, AGAIN));
      peer.once('connect', () => {
        const bytes = Buffer.alloc(2 ** 18);
        const began = performance.now();
        const over = () => performance.now() - began > SECONDS * 1000;
        const send = () => {
          while (!over()) if (!peer.write(bytes)) return void peer.once('drain', send);
          peer.end();
        };
        send();
        peer.once('data', () =>
          console.log((peer.bytesWritten / (performance.now() - began) / 1000).toFixed(2)),
        );
      });
    },
  },
  udp: {
    serve: () => {
      const socket = createSocket('udp4').bind(port);
      socket.on('message', (text, from) => {
        if (text.equals(Buffer.from('end'))) socket.close();
        else socket.send(text, from.port, from.address);
      });
    },
    ask: () => {
      const socket = createSocket('udp4');
      const took = [];
      let began = 0;
      const send = () => {
        began = performance.now();
        socket.send('there');
      };
      const again = setInterval(send, AGAIN);
      socket.once('connect', send).on('error', () => {});
      socket.connect(port, where[0]);
      socket.on('message', () => {
        clearInterval(again);
        took.push(performance.now() - began);
        if (took.length < ROUNDS) return send();
        socket.send('end', () => socket.close());
        console.log((took.sort((one, other) => one - other)[ROUNDS / 2] * 1000).toFixed(2));
      });
    },
  },
};
measures[kind][role]();
