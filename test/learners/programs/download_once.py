# Asks for a file and takes one reading for all of it.
# python3 download_once.py ADDRESS PORT NAME
import socket
import sys

s = socket.socket()
s.connect((sys.argv[1], int(sys.argv[2])))
s.send(sys.argv[3].encode())
data = s.recv(1024)
print('got', len(data), 'bytes')
s.close()
