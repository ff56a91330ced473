# Sends, reads the answer, and slams the door: with a linger time of 0, close() sends a reset.
# python3 reset.py ADDRESS PORT WORD
import socket
import struct
import sys

s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
s.connect((sys.argv[1], int(sys.argv[2])))
s.send(sys.argv[3].encode())
print(s.recv(1024).decode())
s.close()
