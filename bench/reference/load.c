/*
 * Load for the five programs, on one core: `load KIND HOST PORT …`. It prints one number: messages, lines or bytes a second.
 *
 *   echo     HOST PORT CONNECTIONS BYTES SECONDS   one message is outstanding on each connection
 *   stream   HOST PORT CONNECTIONS BYTES SECONDS   each connection sends all the time and reads what comes back
 *   udp      HOST PORT BYTES OUTSTANDING SECONDS   numbered datagrams; one that is not answered for 100 ms is replaced
 *   ntp      HOST PORT - OUTSTANDING SECONDS       NTP requests, in the same way
 *   fetch    HOST PORT CONNECTIONS - SECONDS TEXT  sends TEXT on each connection and reads to the end, then once more
 *   irc      HOST PORT PEOPLE OUTSTANDING SECONDS  people in one room; a line is over when all others have it
 *   chat     HOST PORT PEOPLE OUTSTANDING SECONDS  the same over UDP, in the relay's own protocol
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 512, CHUNK = 1 << 18 };

struct end {
  int file;
  size_t in, out;     /* bytes of the present message that came, and that were sent */
  char line[2048];    /* the line that is coming */
  size_t length;
  int proven;
};

static struct end ends[MOST];
static struct sockaddr_in server;
static char block[CHUNK], scratch[CHUNK];
static int polled;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int dial(int type) {
  int file = socket(AF_INET, type, 0), one = 1;
  if (file < 0 || connect(file, (struct sockaddr *)&server, sizeof server) < 0) die("connect");
  if (type == SOCK_STREAM) setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  fcntl(file, F_SETFL, O_NONBLOCK);
  return file;
}

static void watch(int index, int events, int how) {
  struct epoll_event event = {.events = events, .data.u32 = index};
  if (epoll_ctl(polled, how, ends[index].file, &event) < 0) die("epoll_ctl");
}

static void begin(int count, int type) {
  polled = epoll_create1(0);
  for (int index = 0; index < count; index++) {
    ends[index] = (struct end){.file = dial(type)};
    watch(index, EPOLLIN, EPOLL_CTL_ADD);
  }
}

static void send_all(int file, const char *text, size_t length) {
  for (size_t at = 0; at < length;) {
    ssize_t sent = write(file, text + at, length - at);
    if (sent > 0) at += sent;
    else if (errno != EAGAIN) die("write");
  }
}

static double echo(int count, size_t bytes, double seconds) {
  struct epoll_event events[MOST];
  double start, over;
  long messages = 0;
  begin(count, SOCK_STREAM);
  start = now();
  over = start + seconds;
  for (int index = 0; index < count; index++) send_all(ends[index].file, block, bytes);
  while (now() < over) {
    int ready = epoll_wait(polled, events, MOST, 100);
    for (int each = 0; each < ready; each++) {
      struct end *end = &ends[events[each].data.u32];
      ssize_t came = read(end->file, scratch, sizeof scratch);
      if (came <= 0) die("read");
      end->in += came;
      if (end->in < bytes) continue;
      end->in = 0;
      messages++;
      send_all(end->file, block, bytes);
    }
  }
  return messages / (now() - start);
}

static double stream(int count, size_t bytes, double seconds) {
  struct epoll_event events[MOST];
  double start, over;
  double came_in_all = 0;
  begin(count, SOCK_STREAM);
  for (int index = 0; index < count; index++) watch(index, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
  start = now();
  over = start + seconds;
  while (now() < over) {
    int ready = epoll_wait(polled, events, MOST, 100);
    for (int each = 0; each < ready; each++) {
      struct end *end = &ends[events[each].data.u32];
      if (events[each].events & EPOLLIN) {
        ssize_t came = read(end->file, scratch, sizeof scratch);
        if (came <= 0) die("read");
        came_in_all += came;
        end->in += came;
      }
      /* So much is on its way at most, as of a client that reads what it sent. */
      if (events[each].events & EPOLLOUT && end->out - end->in < 16 * bytes) {
        ssize_t sent = write(end->file, block, bytes);
        if (sent > 0) end->out += sent;
      }
    }
  }
  return came_in_all / (now() - start);
}

static double datagrams(size_t bytes, int outstanding, double seconds, int ntp) {
  struct epoll_event events[1];
  uint64_t number = 0;
  double start, over, heard;
  long answers = 0;
  int waiting = 0;
  begin(1, SOCK_DGRAM);
  memset(block, ntp ? 0 : 'a', bytes);
  if (ntp) block[0] = 0x23;
  start = heard = now();
  over = start + seconds;
  for (;;) {
    double time = now();
    if (time >= over) break;
    if (time - heard > 0.1) waiting = 0;
    while (waiting < outstanding) {
      number++;
      memcpy(block + (ntp ? 40 : 0), &number, sizeof number);
      if (send(ends[0].file, block, bytes, 0) < 0) break;
      waiting++;
    }
    if (epoll_wait(polled, events, 1, 20) < 1) continue;
    while (recv(ends[0].file, scratch, sizeof scratch, 0) > 0) {
      answers++;
      if (waiting > 0) waiting--;
      heard = time;
    }
  }
  return answers / (now() - start);
}

static double fetch(int count, double seconds, const char *text) {
  struct epoll_event events[MOST];
  double start, over, bytes = 0;
  begin(count, SOCK_STREAM);
  start = now();
  over = start + seconds;
  for (int index = 0; index < count; index++) send_all(ends[index].file, text, strlen(text));
  while (now() < over) {
    int ready = epoll_wait(polled, events, MOST, 100);
    for (int each = 0; each < ready; each++) {
      int index = events[each].data.u32;
      ssize_t came = read(ends[index].file, scratch, sizeof scratch);
      if (came > 0) bytes += came;
      if (came != 0) continue;
      close(ends[index].file);
      ends[index].file = dial(SOCK_STREAM);
      watch(index, EPOLLIN, EPOLL_CTL_ADD);
      send_all(ends[index].file, text, strlen(text));
    }
  }
  return bytes / (now() - start);
}

/* Lines of people to each other: how many have come of each line that is outstanding. */
static int delivered[1 << 20], people, is_irc;
static long lines_delivered, next_line;

static void say(void) {
  char text[128];
  int from = next_line % people;
  int length = snprintf(text, sizeof text, is_irc ? "PRIVMSG #lan :line %ld of a conversation\r\n" : "line %ld of a conversation\n",
                        next_line);
  next_line++;
  if (is_irc) send_all(ends[from].file, text, length);
  else send(ends[from].file, text, length - 1, 0);
}

static void heard_line(struct end *end, const char *line) {
  const char *found = strstr(line, "line ");
  if (is_irc && strncmp(line, "PING", 4) == 0) {
    char pong[600];
    send_all(end->file, pong, snprintf(pong, sizeof pong, "PONG%s\r\n", line + 4));
    return;
  }
  if (!found || !strstr(found, " of a conversation")) return;
  lines_delivered++;
  if (++delivered[atol(found + 5) & ((1 << 20) - 1)] == people - 1) {
    delivered[atol(found + 5) & ((1 << 20) - 1)] = 0;
    say();
  }
}

static void take(struct end *end, int stream) {
  for (;;) {
    ssize_t came = read(end->file, scratch, sizeof scratch - 1);
    if (came == 0 && stream) {
      fprintf(stderr, "the server has ended a connection: %s\n", end->line);
      exit(1);
    }
    if (came <= 0) return;
    scratch[came] = 0;
    if (!stream) {
      heard_line(end, scratch);
      continue;
    }
    for (ssize_t at = 0; at < came; at++) {
      if (scratch[at] != '\n') {
        if (end->length < sizeof end->line - 1) end->line[end->length++] = scratch[at];
        continue;
      }
      end->line[end->length] = 0;
      end->length = 0;
      heard_line(end, end->line);
    }
  }
}

/* Waits for an answer with `what` in it, and returns the text behind it. */
static char *answer(int index, const char *what) {
  static char text[1 << 16];
  double over = now() + 10;
  size_t length = 0;
  while (now() < over) {
    ssize_t came = read(ends[index].file, text + length, sizeof text - length - 1);
    if (came <= 0) continue;
    length += came;
    text[length] = 0;
    char *found = strstr(text, what);
    if (found) return found + strlen(what);
    if (length > sizeof text / 2) length = 0;
  }
  fprintf(stderr, "no answer with \"%s\": %s\n", what, text);
  exit(1);
}

static void enter(int index) {
  char text[128];
  if (is_irc) {
    int length = snprintf(text, sizeof text, "NICK p%d\r\nUSER p%d 0 * :p\r\n", index, index);
    send_all(ends[index].file, text, length);
    answer(index, " 001 ");
    send_all(ends[index].file, "JOIN #lan\r\n", 11);
    answer(index, " 366 ");
    return;
  }
  send(ends[index].file, text, snprintf(text, sizeof text, "/login p%d", index), 0);
  answer(index, "relay: welcome");
  send(ends[index].file, "/here", 5, 0);
  int length = snprintf(text, sizeof text, "/here %.8s", answer(index, "say /here "));
  send(ends[index].file, text, length, 0);
  answer(index, "relay: you are there");
}

static double talk(int count, int outstanding, double seconds) {
  struct epoll_event events[MOST];
  double start, over, heard;
  long before = -1;
  people = count;
  begin(count, is_irc ? SOCK_STREAM : SOCK_DGRAM);
  for (int index = 0; index < count; index++) enter(index);
  start = heard = now();
  over = start + seconds;
  for (int each = 0; each < outstanding; each++) say();
  while (now() < over) {
    int ready = epoll_wait(polled, events, MOST, 20);
    for (int each = 0; each < ready; each++) take(&ends[events[each].data.u32], is_irc);
    if (lines_delivered != before) heard = now();
    before = lines_delivered;
    /* Datagrams may be lost: then others take their place. */
    if (now() - heard > 0.1)
      for (int each = 0; each < outstanding; each++) say();
  }
  return lines_delivered / (now() - start);
}

int main(int count, char **words) {
  if (count < 7) die("load KIND HOST PORT A B SECONDS [TEXT]");
  const char *kind = words[1];
  long a = atol(words[4]), b = atol(words[5]);
  double seconds = atof(words[6]), result;
  server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(atoi(words[3]))};
  inet_pton(AF_INET, words[2], &server.sin_addr);
  memset(block, 'a', sizeof block);
  is_irc = strcmp(kind, "irc") == 0;
  if (strcmp(kind, "echo") == 0) result = echo(a, b, seconds);
  else if (strcmp(kind, "stream") == 0) result = stream(a, b, seconds);
  else if (strcmp(kind, "udp") == 0) result = datagrams(a, b, seconds, 0);
  else if (strcmp(kind, "ntp") == 0) result = datagrams(48, b, seconds, 1);
  else if (strcmp(kind, "fetch") == 0) result = fetch(a, seconds, words[7]);
  else result = talk(a, b, seconds);
  printf("%.1f\n", result);
  return 0;
}
