/** The agreement of the command and the gate of a node. */
export const GATE_PORT = 14788;
export const IDENTITY = 'lanlab';
/** A cipher of TLS 1.2 with a key that both have beforehand, and with forward secrecy (RFC 7905). */
export const CIPHER = 'ECDHE-PSK-CHACHA20-POLY1305';
/** The path of the key in a task, in hexadecimal: a Swarm secret. */
export const KEY_FILE = '/run/secrets/key';
/** Bytes of a stream that may be on their way, and streams at once: a host has a few of them for as long as it is up. */
export const SETTINGS = { initialWindowSize: 2 ** 20, maxConcurrentStreams: 10_000 };
/** Megabytes that a connection may hold of all its streams. */
export const MEMORY = 512;
