"""BuildKit, as its client meets it: the trace of a build, and the session in which it asks for what it needs."""
