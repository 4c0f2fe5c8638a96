"""A container engine: what can be asked of it, and what it answers.

This is the only package that imports docker, and it knows nothing of Textual, of lessons or of sessions.
`api` is the protocol, `events` and `model` are the data that cross it, `errors` are all that it raises.
"""
