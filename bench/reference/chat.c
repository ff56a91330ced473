/* A chat relay over UDP: everybody who has sent `/login` gets each line of the others, with one sendto(2) each. `chat PORT` */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { MOST = 1024 };

static struct sockaddr_in people[MOST];
static int count;

static int index_of(const struct sockaddr_in *peer) {
  for (int index = 0; index < count; index++)
    if (people[index].sin_port == peer->sin_port && people[index].sin_addr.s_addr == peer->sin_addr.s_addr) return index;
  return -1;
}

int main(int words, char **word) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(word[1]))}, peer;
  int file = socket(AF_INET, SOCK_DGRAM, 0);
  char line[2048], text[4096];
  if (words < 2 || bind(file, (struct sockaddr *)&address, sizeof address) < 0) return 1;
  puts("ready");
  fflush(stdout);
  for (;;) {
    socklen_t length = sizeof peer;
    ssize_t came = recvfrom(file, line, sizeof line - 1, 0, (struct sockaddr *)&peer, &length);
    if (came < 0) continue;
    line[came] = 0;
    int from = index_of(&peer);
    const char *said = NULL;
    if (strncmp(line, "/login", 6) == 0) {
      if (from < 0 && count < MOST) people[count++] = peer;
      said = "relay: welcome";
    } else if (strcmp(line, "/here") == 0) said = "relay: say /here 00000000";
    else if (strncmp(line, "/here ", 6) == 0) said = "relay: you are there";
    if (said) {
      sendto(file, said, strlen(said), 0, (struct sockaddr *)&peer, sizeof peer);
      continue;
    }
    int size = snprintf(text, sizeof text, "p (%s:%d): %s", inet_ntoa(peer.sin_addr), ntohs(peer.sin_port), line);
    for (int to = 0; to < count; to++)
      if (to != from) sendto(file, text, size, 0, (struct sockaddr *)&people[to], sizeof people[to]);
  }
}
