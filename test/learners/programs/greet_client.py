# Greets a server and shows its answer.
# python3 greet_client.py ADDRESS PORT
import socket
import sys

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect((sys.argv[1], int(sys.argv[2])))
s.send('hello'.encode())
data = s.recv(1024)
print(data.decode())
s.close()
