"""A Dockerfile as data: its stages, its instructions and the lines they stand on.

Our own reader, since the libraries for Python miss here-documents, comments within continuations or byte order
marks. It follows the parser of BuildKit's frontend (moby/buildkit, frontend/dockerfile), except that it never
refuses a file: what a builder would not accept is read as far as it goes.
"""

from tui.engine.dockerfile.model import Dockerfile
from tui.engine.dockerfile.parts import Heredoc, Instruction, Stage
from tui.engine.dockerfile.reader import parse

__all__ = ["Dockerfile", "Heredoc", "Instruction", "Stage", "parse"]
