import runpy
import socket
import sys

arguments = sys.argv[1:]
assert arguments[0] == "--listen" and arguments[2] == "--wait-for-client", arguments
host, port = arguments[1].split(":")
with socket.create_server((host, int(port))) as server:
    server.accept()
rest = arguments[3:]
sys.path.insert(0, ".")
if rest[0] == "-m":
    sys.argv = rest[1:]
    runpy.run_module(rest[1], run_name="__main__", alter_sys=True)
else:
    sys.argv = rest
    runpy.run_path(rest[0], run_name="__main__")
