"""Sends datagrams of 22 bytes (frames of 64) from within a host, at a rate, and prints how many and in what time.

Arguments: address, port, datagrams a second, seconds. The kernel is given eight of them at a time and cuts them
apart before they reach the cable (UDP_SEGMENT, udp(7)), so that the sender costs little beside what is measured.
"""

import json
import socket
import sys
import time

UDP_SEGMENT = 103
SIZE = 22

address, port, rate, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.connect((address, port))
out.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, SIZE)
at_once = 8 if rate * seconds >= 8 else 1
data = bytes(SIZE * at_once)
total = int(rate * seconds)
sent = 0
began = time.monotonic()
while sent < total:
    ahead = sent / rate - (time.monotonic() - began)
    if ahead > 0:
        time.sleep(ahead)
        continue
    try:
        out.send(data)
        sent += at_once
    except OSError:
        pass  # an ICMP error for an earlier one: nobody listens there
print(json.dumps({"sent": sent, "seconds": time.monotonic() - began}))
