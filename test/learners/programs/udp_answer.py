# Waits for a datagram, shows it, and answers its sender from the same socket.
# python3 udp_answer.py OWN-PORT ANSWER
import socket
import sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', int(sys.argv[1])))
print('waiting')
data, sender = s.recvfrom(1024)
print(sender, data.decode())
s.sendto(sys.argv[2].encode(), sender)
s.close()
