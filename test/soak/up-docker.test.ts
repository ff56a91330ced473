/** Labs that stay, and that are changed while they are up, on Docker. */
import { labsThatStay } from '../cli/labs-that-stay.ts';

await labsThatStay('docker');
