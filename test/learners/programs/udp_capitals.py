# A datagram for each word; shows each answer and who gave it.
# python3 udp_capitals.py ADDRESS PORT WORD...
import socket
import sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for word in sys.argv[3:]:
    s.sendto(word.encode(), (sys.argv[1], int(sys.argv[2])))
    data, sender = s.recvfrom(1024)
    print(data.decode(), 'from', sender)
s.close()
