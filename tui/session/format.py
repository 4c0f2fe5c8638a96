"""Figures as people read them, under the name that sessions and screens know them by; tui/figures.py has them."""

from tui.figures import UNITS, duration, elapsed, files, parse_size, progress, ratio, size, size_parts, times

__all__ = ["UNITS", "duration", "elapsed", "files", "parse_size", "progress", "ratio", "size", "size_parts", "times"]
