/** More of `docker compose up`: hosts that stay up for a person, and programs that cannot start. */
import '../compose.test.ts';
