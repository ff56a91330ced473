# One socket that sends and receives at the same time: a thread shows what comes while the lines go out.
# python3 udp_talk.py OWN-PORT ADDRESS PORT LINE...
import socket
import sys
import threading

lines = sys.argv[4:]
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', int(sys.argv[1])))


def show():
    for _ in lines:
        data, sender = s.recvfrom(1024)
        print(data.decode())


thread = threading.Thread(target=show)
thread.start()
for line in lines:
    s.sendto(line.encode(), (sys.argv[2], int(sys.argv[3])))
thread.join()
s.close()
