/** Ctrl-C while hosts come up, a closed terminal, and Ctrl-C twice, on every engine of this machine. */
import '../leavings/interrupted.test.ts';
