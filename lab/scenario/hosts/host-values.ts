/** Values of a host that go by a key of their own: files by their paths, settings of the kernel, variables. */
import { posix } from 'node:path';
import { z } from 'zod';
import { reading, show, Wrong } from '../../model/reading.ts';
import { controlIn, oneLine, WITHOUT_CONTROL } from '../values/control-characters.ts';
import { fileContent } from '../values/file-value.ts';
import { scalar } from '../values/values.ts';
import { variable, variableValue } from '../values/variables.ts';

const path = reading(
  (input) => {
    const text = String(input);
    const control = controlIn(text);
    if (control !== undefined)
      return new Wrong(`${control} cannot stand in the path of a file`, WITHOUT_CONTROL);
    const plain = posix.normalize(text) === text && !text.endsWith('/');
    if (/^\/(var\/)?run(\/|$)/.test(text)) {
      return new Wrong(
        `${show(text)} holds the sockets of running programs: no file can be put there`,
        'put it under /srv, /etc or /tmp; a socket of this machine is in no lab',
      );
    }
    if (/^\/(proc|sys|dev)(\/|$)/.test(text)) {
      return new Wrong(
        `${show(text)} belongs to the kernel: no file can be put there`,
        'put it under /srv or /tmp',
      );
    }
    if (text.startsWith('/') && plain) return text;
    return new Wrong(
      `${show(text)} is not the absolute path of a file`,
      'write for instance /srv/files/hello.txt',
    );
  },
  { type: 'string', pattern: '^/' },
);

/** A value that is written to a kernel's file: one line. */
const setting = scalar.superRefine(oneLine('a setting of the kernel'));

const sysctl = reading(
  (input) => {
    if (typeof input === 'string' && /^net(\.[A-Za-z0-9_-]+)+$/.test(input)) return input;
    return new Wrong(
      `${show(input)} is not a setting of the network`,
      'write for instance net.ipv4.tcp_keepalive_time',
    );
  },
  { type: 'string', pattern: '^net(\\.[A-Za-z0-9_-]+)+$' },
);

export const envSchema = z
  .record(variable, variableValue)
  .optional()
  .describe('Environment variables of its program.');

export const filesSchema = z
  .record(path, fileContent)
  .optional()
  .describe(
    'Files of the host, by absolute path. They are written before its program starts. { from: ./x.py, mode: "0755" } takes a file from the folder of the scenario, and sets its mode.',
  );

export const sysctlsSchema = z
  .record(sysctl, setting)
  .optional()
  .describe('Settings of its kernel, by name. Each name begins with net.');
