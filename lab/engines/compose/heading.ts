/** The comment at the top of a compose file: what it is, where it comes from, how it is used. */
import type { Plan } from '../../model/planned.ts';
import { visible } from '../../visible.ts';
import { agentService } from './services.ts';

export function heading(file: string, { lab, hosts }: Plan): string {
  const someone = agentService((hosts.find(({ program }) => !program) ?? hosts[0])?.name ?? 'host');
  const scenario = visible(file).replaceAll(/[\t\n]/g, ' ');
  return `# The lab \`${lab}\` for Docker Compose, made from ${scenario}. Change that, not this, and make this again:
#   lanlab compose ${scenario} > compose.yaml
#
# All it needs is a Docker Engine from 25.0 and Docker Compose from 2.24. Where no registry can be reached, BASE_IMAGE
# names an image with Node 24 that is there.
#
# Do the steps, take the hosts down, end with what came of it (0 all held, 1 something did not):
#   docker compose up --build --abort-on-container-exit --exit-code-from lab
# Do the steps once and leave the hosts up; again on the same hosts with \`docker compose run --rm lab\`:
#   docker compose up --build
# The hosts alone, nothing done (the profile \`hosts\`); then into one of them:
#   docker compose up --build hosts
#   docker compose exec ${someone} sh
# Take everything down, whatever was done:
#   docker compose --profile hosts down --volumes
#
# A host is its agent (\`…-agent\`), which owns the network stack; a program moves in with it. \`set-up\` tells the agents
# their cards, names and files, and only then do the programs start. \`lab\` does the steps through the agents' sockets
# on the volume \`agents\`, and hears what the programs saw on the volume \`events\`: nothing here can reach Docker, no
# port of the machine's is taken, and none of it uses the lab's own networks.
`;
}
