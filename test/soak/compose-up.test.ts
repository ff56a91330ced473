/** `docker compose up`: the lab that ends by itself, hosts that stay up for a person, and programs that cannot start. */
import '../compose.test.ts';
