/* A TCP echo in one thread with epoll: `tcp-echo PORT [capitals]`. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 65536, MOST = 512, FILES = 65536 };

/* What a client has not taken yet; it is sent before more is read. */
static struct rest {
  char *bytes;
  size_t at, length;
} rests[FILES];
static char chunk[CHUNK];
static int polled;

static void watch(int file, int events, int how) {
  struct epoll_event event = {.events = events, .data.fd = file};
  epoll_ctl(polled, how, file, &event);
}

static void end(int file) {
  free(rests[file].bytes);
  rests[file] = (struct rest){0};
  close(file);
}

static void hand(int file, const char *bytes, size_t length) {
  ssize_t sent = write(file, bytes, length);
  if (sent < 0 && errno != EAGAIN) {
    end(file);
    return;
  }
  size_t at = sent < 0 ? 0 : sent;
  if (at == length) return;
  rests[file] = (struct rest){.bytes = memcpy(malloc(length - at), bytes + at, length - at), .length = length - at};
  watch(file, EPOLLOUT, EPOLL_CTL_MOD);
}

static void go_on(int file) {
  struct rest *rest = &rests[file];
  ssize_t sent = write(file, rest->bytes + rest->at, rest->length - rest->at);
  if (sent < 0 && errno != EAGAIN) {
    end(file);
    return;
  }
  if (sent > 0) rest->at += sent;
  if (rest->at < rest->length) return;
  free(rest->bytes);
  *rest = (struct rest){0};
  watch(file, EPOLLIN, EPOLL_CTL_MOD);
}

int main(int count, char **words) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1]))};
  struct epoll_event events[MOST];
  int capitals = count > 2, one = 1, ear = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(ear, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(ear, (struct sockaddr *)&address, sizeof address) < 0 || listen(ear, 4096) < 0) return 1;
  polled = epoll_create1(0);
  watch(ear, EPOLLIN, EPOLL_CTL_ADD);
  puts("ready");
  fflush(stdout);
  for (;;) {
    int ready = epoll_wait(polled, events, MOST, -1);
    for (int each = 0; each < ready; each++) {
      int file = events[each].data.fd;
      if (file == ear) {
        int peer = accept4(ear, NULL, NULL, SOCK_NONBLOCK);
        if (peer < 0 || peer >= FILES) continue;
        setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        watch(peer, EPOLLIN, EPOLL_CTL_ADD);
      } else if (events[each].events & EPOLLOUT) {
        go_on(file);
      } else {
        ssize_t came = read(file, chunk, CHUNK);
        if (came <= 0) {
          end(file);
          continue;
        }
        if (capitals)
          for (ssize_t at = 0; at < came; at++)
            if (chunk[at] >= 'a' && chunk[at] <= 'z') chunk[at] -= 32;
        hand(file, chunk, came);
      }
    }
  }
}
