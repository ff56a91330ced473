# Sends line after line until 'exit', and does not care who hears it.
# python3 udp_send.py ADDRESS PORT ENCODING LINE...
import socket
import sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.argv[4:]:
    if line == 'exit':
        print('that is all')
        break
    s.sendto(line.encode(sys.argv[3]), (sys.argv[1], int(sys.argv[2])))
s.close()
