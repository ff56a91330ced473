# Asks for the time in a format; without one it sends an empty datagram.
# python3 udp_time.py ADDRESS PORT [FORMAT]
import socket
import sys

form = sys.argv[3] if len(sys.argv) > 3 else ''
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(form.encode(), (sys.argv[1], int(sys.argv[2])))
print(s.recv(1024).decode())
s.close()
