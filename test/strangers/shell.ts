/** Lines typed on a host of a lab, where strangers' programs are: this machine's on namespaces, those of an image on Docker. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Lab, WrittenHost } from 'lanlab';
import { expect } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';

const IMAGE = { build: join(import.meta.dirname, 'image') };

/** The part of a host that says where strangers' programs are. */
export function strangersOn(engine: Engine): Partial<WrittenHost> {
  return engine.name === 'docker' ? IMAGE : {};
}

/** What is lacking where a program is not on this machine; undefined where all are here. */
export function lackingHere(programs: readonly string[]): string | undefined {
  const missing = programs.filter(
    (one) => spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin command -v ${one}`]).status !== 0,
  );
  return missing.length > 0
    ? `no ${missing.join(', ')} here; scripts/test-tools.sh installs them`
    : undefined;
}

export interface Shell {
  /** What the line prints, and its exit code, run in a folder where the host may write. */
  types(host: string, line: string, seconds?: number): Promise<{ exit: number; text: string }>;
  /** What the line prints, where its exit code is 0. */
  prints(host: string, line: string, seconds?: number): Promise<string>;
}

export function shellIn(engine: Engine, net: () => Lab): Shell {
  const typed = async (host: string, line: string, giveUp: number): Promise<string> => {
    const script = `mkdir -p /tmp/it && cd /tmp/it && { ${line}; } 2>&1; echo "exit $?"`;
    if (engine.name !== 'docker') return `${(await net().host(host).exec(script, { giveUp })).stdout}`;
    // The clients are in the container of the host's program, and commands run beside it.
    await using shell = await net().host(host).tcp('127.0.0.1:7000', { giveUp });
    await shell.write(`${script}\n`);
    await shell.end();
    return await shell.text();
  };
  const types: Shell['types'] = async (host, line, seconds = 60) => {
    const [, text = '', exit = ''] =
      /^(.*?)exit (\d+)\n$/s.exec(await typed(host, line, seconds * 1000)) ?? [];
    return { exit: Number(exit), text: text.trim() };
  };
  return {
    types,
    async prints(host, line, seconds) {
      const { exit, text } = await types(host, line, seconds);
      expect({ exit, text }).toMatchObject({ exit: 0 });
      return text;
    },
  };
}
