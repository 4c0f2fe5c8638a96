"""Registry logins for a build that has to pull its base images."""

from __future__ import annotations

import logging
import warnings
from typing import Any

from docker.auth import AuthConfig, encode_header, load_config
from docker.credentials.errors import StoreError
from docker.errors import DockerException

log = logging.getLogger(__name__)


def registry_headers() -> dict[str, str]:
    """The header that carries the user's registry logins, or none.

    A credential helper that is named in Docker's configuration but not installed must not stop a build whose base
    images are all here, so such logins are left out; a pull that needs them then fails and says so.
    """
    try:
        with warnings.catch_warnings():
            # What the package warns of would be printed across the screen; the log below has it.
            warnings.simplefilter("ignore")
            logins: dict[str, Any] = AuthConfig.get_all_credentials(load_config())  # type: ignore[no-untyped-call]
    except (DockerException, StoreError) as error:
        log.warning("Registry logins are left out: %s", error)
        return {}
    return {"X-Registry-Config": encode_header(logins).decode("ascii")} if logins else {}
