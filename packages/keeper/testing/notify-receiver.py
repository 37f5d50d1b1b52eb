"""Listens where systemd would: one line of JSON for each message that comes to the socket named by the argument."""
import array
import json
import os
import socket
import sys
import time

path, linger_ms = sys.argv[1], int(sys.argv[2])
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
receiver.bind("\0" + path[1:] if path.startswith("@") else path)
print(json.dumps({"listening": path}), flush=True)


def cgroup_of(pid):
    """How systemd finds the unit of a sender; None when the process is gone."""
    try:
        with open(f"/proc/{pid}/cgroup") as file:
            return file.read()
    except FileNotFoundError:
        return None


while True:
    data, ancillary, _, _ = receiver.recvmsg(65536, socket.CMSG_SPACE(12) + socket.CMSG_SPACE(4))
    # systemd has other things to do, too.
    time.sleep(linger_ms / 1000)
    sender, files = 0, []
    for _, kind, content in ancillary:
        if kind == socket.SCM_RIGHTS:
            files = list(array.array("i", content))
        else:
            sender = int.from_bytes(content[:4], "little")
    lines = data.decode().split("\n")
    if lines != ["BARRIER=1"]:
        print(json.dumps({"lines": lines, "known": cgroup_of(sender) is not None}), flush=True)
    # Whoever waits for its message to be read waits for this.
    for file in files:
        os.close(file)
