"""Image registries, asked from this machine: the user's logins, tokens, and what an image weighs.

A password is sent to its registry and to nobody else; engines get tokens that end after minutes.
"""
