"""BuildKit, as its client meets it: the trace of a build; in `session/`, what the daemon may ask for meanwhile."""
