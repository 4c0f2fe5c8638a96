"""A registry like Docker Hub: tokens, TLS, and, on demand, everything that goes wrong with a registry."""
