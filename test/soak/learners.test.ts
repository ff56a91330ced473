/** The tutorials' own clients against the five programs, on Docker too. */
import '../learners/learners.test.ts';
