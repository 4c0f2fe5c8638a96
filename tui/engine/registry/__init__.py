"""Image registries, asked from this machine: the user's logins, tokens, and what an image weighs.

Engines get tokens that end after minutes. They get a password only for a registry that knows no tokens, and with the
classic builder, as from docker's CLI.
"""
