"""The session of a build, in which BuildKit asks its client for what it needs: a file a service, gRPC below them."""
