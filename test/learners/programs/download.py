# Asks for a file by its name and keeps what comes, until the server closes.
# python3 download.py ADDRESS PORT NAME COPY
import socket
import sys

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect((sys.argv[1], int(sys.argv[2])))
s.send(sys.argv[3].encode())

size = 0
with open(sys.argv[4], 'wb') as copy:
    while True:
        data = s.recv(1024)
        if not data:
            break
        copy.write(data)
        size += len(data)

print('got', size, 'bytes')
s.close()
