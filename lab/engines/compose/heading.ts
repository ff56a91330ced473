/** The comment at the top of a compose file: what it is, where it comes from, how it is used. */
import type { Plan } from '../../model/planned.ts';
import { visible } from '../../visible.ts';
import { agentService } from './services.ts';

export function heading(file: string, { lab, hosts }: Plan): string {
  const someone = agentService((hosts.find(({ program }) => !program) ?? hosts[0])?.name ?? 'host');
  const scenario = visible(file).replaceAll(/[\t\n]/g, ' ');
  return `# The lab \`${lab}\` for Docker Compose, made from ${scenario}. Change the scenario, not this file, and make it again:
#   lanlab compose ${scenario} > compose.yaml
#
# It needs a Docker Engine from 25.0 and Docker Compose from 2.24. If no registry can be reached, set BASE_IMAGE to an
# image with Node 24 that is on this machine.
#
# Do the steps, take the hosts down, and end with the exit code (0: everything held, 1: something did not):
#   docker compose up --build --abort-on-container-exit --exit-code-from lab
# Do the steps once and leave the hosts up. Do them again on the same hosts with \`docker compose run --rm lab\`:
#   docker compose up --build
# Bring up the hosts alone (the profile \`hosts\`), and open a shell in one of them:
#   docker compose up --build hosts
#   docker compose exec ${someone} sh
# Take everything down:
#   docker compose --profile hosts down --volumes
#
# A host is its agent (\`…-agent\`), which owns the network stack. The program of the host joins this network stack.
# \`set-up\` tells the agents their cards, names and files. The programs start after that. \`lab\` does the steps through
# the agents' sockets on the volume \`agents\`, and reads the events of the programs on the volume \`events\`. Nothing here
# can reach Docker, takes a port of the machine, or uses the networks of the lab.
`;
}
