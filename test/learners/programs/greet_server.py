# Waits for one client, reads its greeting, gives a fixed answer.
# python3 greet_server.py PORT
import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(('', int(sys.argv[1])))
server.listen(5)
print('waiting')

client, address = server.accept()
print(address[0], 'is here')
data = client.recv(1024)
print(data.decode())
client.send('welcome'.encode())

client.close()
server.close()
