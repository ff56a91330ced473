# One connection for each word: sends it, shows what comes back, closes.
# python3 capitals_once.py ADDRESS PORT WORD...
import socket
import sys

for word in sys.argv[3:]:
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.connect((sys.argv[1], int(sys.argv[2])))
    s.send(word.encode())
    print(s.recv(1024).decode())
    s.close()
