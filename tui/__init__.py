"""Jettison: a terminal companion that teaches multi-stage Docker builds of Go programs by doing.

The folder names are the architecture: `screens` and `widgets` show, `session` does, and `engine`, `image`
and `course` know. Each imports only to its right.
"""

__version__ = "0.1.0"
