# Is anybody there? 0 means yes, anything else is the error's number.
# python3 try_port.py ADDRESS PORT
import errno
import socket
import sys

s = socket.socket()
code = s.connect_ex((sys.argv[1], int(sys.argv[2])))
print(errno.errorcode.get(code, code))
s.close()
