"""Sends so many broadcasts of 100 bytes, and prints the microseconds of processor time that one of them took."""
import resource
import socket
import sys


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


frames = int(sys.argv[1])
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
began = used()
for _ in range(frames):
    sender.sendto(b"x" * 100, ("10.77.255.255", 9))
print(f"{(used() - began) / frames * 1e6:.2f}")
