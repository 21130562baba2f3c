#!/usr/bin/env python3
"""Runs a program at a terminal, shows what that saw, and ends as the program did.

    terminal.py PROGRAM ARGUMENT…
"""

import os
import pty
import sys

sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
