"""`moby.buildkit.secrets.v1.Secrets`: values for `RUN --mount=type=secret`, read when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.engine.buildkit.session.call import Call, CallRefused, Handlers, Status, read_request
from tui.engine.buildkit.session.session_pb2 import GetSecretRequest, GetSecretResponse
from tui.engine.request import MOST_SECRET_BYTES, BuildSecret, SecretFile


class SecretService:
    """Hands out the values of these secrets and of no others."""

    def __init__(self, secrets: Sequence[BuildSecret], environ: Mapping[str, str]) -> None:
        self._secrets = {secret.id: secret for secret in secrets}
        self._environ = environ

    def handlers(self) -> Handlers:
        """The service's one method."""
        return {"/moby.buildkit.secrets.v1.Secrets/GetSecret": self._get}

    def _get(self, call: Call) -> None:
        name = read_request(call, GetSecretRequest).ID
        # What is not found the daemon tolerates, unless the Dockerfile says that it is required.
        if name not in self._secrets:
            raise CallRefused(Status.NOT_FOUND, f"secret {name}: not found")
        call.send(GetSecretResponse(data=self._value(self._secrets[name])).SerializeToString())

    def _value(self, secret: BuildSecret) -> bytes:
        if isinstance(secret, SecretFile):
            value = _content(secret)
        elif secret.variable in self._environ:
            value = self._environ[secret.variable].encode("utf-8", "surrogateescape")
        else:
            raise CallRefused(Status.NOT_FOUND, f"secret {secret.id}: the variable {secret.variable} is not set")
        if len(value) > MOST_SECRET_BYTES:
            raise CallRefused(
                Status.INVALID_ARGUMENT, f"secret {secret.id} is longer than {MOST_SECRET_BYTES // 1024} KiB"
            )
        return value


def _content(secret: SecretFile) -> bytes:
    try:
        with secret.path.open("rb") as file:
            return file.read(MOST_SECRET_BYTES + 1)
    except OSError as error:
        words = f"secret {secret.id}: {secret.path} cannot be read: {error.strerror}"
        raise CallRefused(Status.INVALID_ARGUMENT, words) from error
