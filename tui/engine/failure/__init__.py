"""Why a build failed, from the engine's words, and what to do about it.

The patterns are what Docker Engine 20.10 to 29 print; both builders word the same failure differently.
"""

from tui.engine.failure.kinds import ADVICE, exit_code_in

__all__ = ["ADVICE", "exit_code_in"]
