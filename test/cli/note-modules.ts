/** Given to the command by `node --import`: writes what it has loaded, a URL a line, to the file LANLAB_MODULES. */
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const { LANLAB_MODULES: file } = process.env;
// Hosts' agents and programs inherit the option: only the command itself is asked.
const isCommand = process.argv[1]?.endsWith('/lab/cli/main.ts');

if (file && isCommand) {
  const urls: string[] = [];
  registerHooks({
    load: (url, context, next) => {
      urls.push(url);
      return next(url, context);
    },
  });
  process.on('exit', () => writeFileSync(file, urls.join('\n')));
}
