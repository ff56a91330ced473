# Shows who sends what to this port.
# python3 udp_receive.py PORT ENCODING
import socket
import sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', int(sys.argv[1])))
print('waiting')
while True:
    data, sender = s.recvfrom(1024)
    print(sender[0] + ':', data.decode(sys.argv[2]))
