# Sends and goes away: does not read the answer, does not shut anything down.
# python3 leave.py ADDRESS PORT WORD
import socket
import sys

s = socket.socket()
s.connect((sys.argv[1], int(sys.argv[2])))
s.send(sys.argv[3].encode())
s.close()
print('gone')
