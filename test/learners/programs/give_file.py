# Sends one file to whoever connects, one client after the other.
# python3 give_file.py ADDRESS PORT FILE
import socket
import sys

with open(sys.argv[3], 'rb') as file:
    content = file.read()

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind((sys.argv[1], int(sys.argv[2])))
server.listen(5)
print('waiting')

while True:
    client, address = server.accept()
    client.send(content)
    client.close()
    print('sent to', address[0])
