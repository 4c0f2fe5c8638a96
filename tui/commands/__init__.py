"""What the command line does, one module a command: data on stdout, narration on stderr."""
