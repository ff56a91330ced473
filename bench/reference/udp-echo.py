"""A UDP echo, the loop of the Python tutorials: `udp-echo.py PORT`."""
import socket
import sys

ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ear.bind(("", int(sys.argv[1])))
print("ready", flush=True)
while True:
    data, peer = ear.recvfrom(65536)
    ear.sendto(data, peer)
