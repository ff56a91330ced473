/** Labs that stay on Docker, and labs that are changed while they are up, on Docker and on namespaces. */
import { labsThatChange, labsThatStay } from '../cli/labs-that-stay.ts';

await labsThatStay('docker');
await labsThatChange('netns', 'docker');
