# One connection for all the words, one after the other, until 'bye'.
# python3 capitals_talk.py ADDRESS PORT WORD...
import socket
import sys

s = socket.socket()
s.connect((sys.argv[1], int(sys.argv[2])))
for word in sys.argv[3:]:
    if word == 'bye':
        break
    s.send(word.encode())
    data = s.recv(1024)
    if len(data) == 0:
        print('the server has gone')
        break
    print(data.decode())
s.close()
