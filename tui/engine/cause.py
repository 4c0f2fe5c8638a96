"""What stood in the way: of pulling an image, and of a build. Builds, registries and sentences share these."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """Why something could not be had. `FailureKind` is the coarse side of it."""

    # Images that cannot be pulled.
    UNREACHABLE = "registry not reached"
    """No such host, nobody listens there, or no answer in time."""
    NO_SUCH_NAME = "no such name"
    NO_SUCH_TAG = "no such tag"
    NOT_FOUND = "no such image"
    """The name or the tag: BuildKit does not tell which."""
    NOT_LOGGED_IN = "not logged in"
    """Docker Hub answers the same for a name that does not exist."""
    LOGIN_REFUSED = "login refused"
    NO_ACCESS = "no access"
    """The login is right and may not pull this image, or there is no such image."""
    RATE_LIMITED = "rate limited"
    CERTIFICATE = "certificate not trusted"
    PLAIN_HTTP = "no TLS"
    """The registry speaks plain HTTP, and is not among those that may."""
    PROXY = "proxy refused"
    PLATFORM = "platform not offered"
    CUT_OFF = "connection cut"
    REGISTRY_FAILED = "registry failed"
    """A status of 500 and above, or an answer that makes no sense."""
    DISK_FULL = "disk full"

    # Other causes of a failed build.
    NOT_IN_STAGE = "not in the stage"
    NOT_IN_IMAGE = "not in the image"
    NO_SUCH_STAGE = "no such stage"
    DUPLICATE_STAGE = "duplicate stage"
    NOT_IN_CONTEXT = "not in the context"
    IGNORED = "ignored"
    """In the folder, and left out of the context by .dockerignore."""
    OUTSIDE_CONTEXT = "outside the context"
    UNREADABLE = "unreadable file"
    DOWNLOAD = "download failed"
    """A URL that ADD names."""
    NEEDS_BUILDKIT = "needs BuildKit"
    NO_SECRET = "no such secret"
    NO_SSH_AGENT = "no ssh agent"
