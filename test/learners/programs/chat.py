# Logs in, asks who is here until all have come, says its lines, shows what it hears, leaves.
# python3 chat.py ADDRESS PORT NAME PEOPLE LINES-TO-HEAR LINE...
import socket
import sys
import time

server = (sys.argv[1], int(sys.argv[2]))
name = sys.argv[3]
people = int(sys.argv[4])
to_hear = int(sys.argv[5])
lines = sys.argv[6:]


def show(text):
    print(name + ' sees', text)


s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(('/login ' + name).encode(), server)
show(s.recv(1024).decode())

s.sendto('/who'.encode(), server)
heard = 0
spoken = False
while heard < to_hear or not spoken:
    text = s.recv(1024).decode()
    if not text.startswith('relay: here:'):
        show(text)
        heard += 1
    elif text.count('(') < people:
        time.sleep(0.1)
        s.sendto('/who'.encode(), server)
    else:
        for line in lines:
            s.sendto(line.encode(), server)
        spoken = True

s.sendto('quit'.encode(), server)
show(s.recv(1024).decode())
s.close()
