# Connects, says nothing, shows all that comes until the server closes.
# python3 take_file.py ADDRESS PORT
import socket
import sys

s = socket.socket()
s.connect((sys.argv[1], int(sys.argv[2])))
content = b''
while True:
    data = s.recv(1024)
    if not data:
        break
    content += data
print(content.decode(), end='')
s.close()
