"""type_passwords.py FIRST SECOND COMMAND…: types two passwords at a terminal of its own.

Prints what the terminal showed, and exits as the command did.
"""

import os
import pty
import sys
import termios
import time

first, second, *command = sys.argv[1:]
process, terminal = pty.fork()
if process == 0:
    os.execv(command[0], command)

shown = b""
for prompt, answer in ((b"Password of the PKCS#12 file: ", first), (b"Once more: ", second)):
    while not shown.endswith(prompt):
        shown += os.read(terminal, 1024)
    # Nobody types that fast: the prompt stands there a moment before the echo is off.
    while termios.tcgetattr(terminal)[3] & termios.ECHO:
        time.sleep(0.001)
    os.write(terminal, answer.encode() + b"\n")
while True:
    try:
        part = os.read(terminal, 1024)
    except OSError:  # Linux: the other end is closed.
        break
    if not part:
        break
    shown += part
_, status = os.waitpid(process, 0)
sys.stdout.write(shown.decode())
sys.exit(os.waitstatus_to_exitcode(status))
