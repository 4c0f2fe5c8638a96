"""Lessons: reading and checking. No Textual, no docker."""
