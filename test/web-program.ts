/** A web server as a program of a host: a few pages, and an event for each connection. */

const SOURCE = `
const pages = {
  '/hello': (request, response) => response.setHeader('Content-Type', 'text/plain').end('hello'),
  '/old': (request, response) => response.writeHead(302, { Location: '/hello' }).end(),
  '/silent': () => {},
  '/leave': (request) => request.socket.end(),
  '/reset': (request) => request.socket.resetAndDestroy(),
  '/form': (request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => response.end(request.method + ' ' + request.url + ' ' + Buffer.concat(parts)));
  },
};
const answer = (request, response) =>
  (pages[request.url] ?? ((_, nothing) => nothing.writeHead(404).end('no ' + request.url)))(request, response);
const seen = ({ remoteAddress, remotePort, localAddress, localPort }) => console.log(JSON.stringify({
  time: new Date().toISOString(), event: 'accept', transport: 'tcp',
  peer: { address: remoteAddress, port: remotePort }, local: { address: localAddress, port: localPort },
}));
`;

const START = "require('http').createServer(answer).on('connection', seen)";
// A socket for each family, so that addresses of IPv4 are told as such.
const LISTENS = ['0.0.0.0', '::'].map(
  (host) => `${START}.listen({ port: 8080, host: '${host}', ipv6Only: true });`,
);

/** Serves on port 8080. */
export const WEB = { command: ['node', '-e', SOURCE + LISTENS.join('\n')], ready: { tcp: 8080 } };

/** A line under `hosts:` of a scenario. JSON is YAML. */
export function webHost(name: string, networks: readonly string[]): string {
  return `  ${name}: ${JSON.stringify({ ...WEB, networks })}`;
}
