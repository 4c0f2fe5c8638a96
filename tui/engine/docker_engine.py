"""A Docker engine (or Podman's Docker API) behind an endpoint; fulfils `tui.engine.api.Engine`."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing
from typing import Any
from weakref import WeakSet

import requests
from docker import APIClient
from docker.errors import APIError, create_api_error_from_http_exception
from docker.utils import version_gte, version_lt

from tui.engine.boundary import engine_errors
from tui.engine.buildkit.session.call import Handlers
from tui.engine.buildkit.session.session import open_session
from tui.engine.container_answers import read_shares
from tui.engine.containers import Share
from tui.engine.docker_build import DockerBuild
from tui.engine.docker_config import BuildArgs, with_proxies
from tui.engine.docker_containers import DockerContainers
from tui.engine.docker_save import DockerSave
from tui.engine.endpoint import Endpoint
from tui.engine.images import read_cached_bases, read_image
from tui.engine.model import EngineInfo, Image, SizeBasis
from tui.engine.registry.errors import read_name
from tui.engine.registry.logins import Logins
from tui.engine.registry.offer import Offer
from tui.engine.registry.registries import DistributionRefused, Registries
from tui.engine.registry.settings import NO_SETTINGS, RegistrySettings, read_settings
from tui.engine.request import Builder, BuildRequest
from tui.engine.transport import ANSWER_SECONDS, Wire, open_client, wired_client

log = logging.getLogger(__name__)

CONTAINERD_STORE = "io.containerd.snapshotter.v1"
MANIFESTS_API = "1.48"
BUILDKIT_API = "1.40"
DISK_USAGE_TRIES = 3
BUILD_CACHE_API = "1.42"
"""From here on GET /system/df tells of the build cache alone."""


def open_engine(
    endpoint: Endpoint, builder: Builder | None = None, timeout: float = ANSWER_SECONDS, proxies: BuildArgs = ()
) -> DockerEngine:
    """Connect and ask who is there. `builder` overrides the engine's own choice; each build is given the `proxies`.

    Raises whatever the connection raises (requests, docker, OSError): `discovery` turns that into an Attempt.
    """
    client = open_client(endpoint, timeout=timeout)
    try:
        ping = client.get(f"{client.base_url}/_ping", timeout=timeout)
        version: dict[str, Any] = client.version()
        details: dict[str, Any] = client.info()
    except BaseException:
        client.close()
        raise
    default = _default_builder(dict(ping.headers), client.api_version, details)
    # The short timeout is for finding out whether anybody answers; an engine may take long to weigh its images.
    client.timeout = int(ANSWER_SECONDS)
    info = _info(version, details, client.api_version, endpoint, builder or default)
    return DockerEngine(client, endpoint, info, proxies, read_settings(details))


class DockerEngine:
    """The engine behind one endpoint. Questions share one session; each build has a session of its own."""

    def __init__(
        self,
        client: APIClient,
        endpoint: Endpoint,
        info: EngineInfo,
        proxies: BuildArgs = (),
        registry_settings: RegistrySettings = NO_SETTINGS,
    ) -> None:
        self._client = client
        self._endpoint = endpoint
        self._info = info
        self._proxies = proxies
        # requests' sessions are not made for two threads at once.
        self._lock = threading.Lock()
        self._under_way: WeakSet[DockerBuild | DockerSave] = WeakSet()
        self._registries = Registries(registry_settings, Logins().for_host, self._distribution)
        self._containers = DockerContainers(self.wired, is_local=endpoint.url.startswith("unix://"))

    @property
    def info(self) -> EngineInfo:
        """Who answers; read once, at connection."""
        return self._info

    @property
    def time_scale(self) -> float:
        """Builds happen in real time."""
        return 1.0

    @property
    def containers(self) -> DockerContainers:
        """What runs on it."""
        return self._containers

    def wired(self, wire: Wire) -> APIClient:
        """An HTTP client for one conversation, whose sockets are handed to `wire`."""
        return wired_client(self._endpoint, self._client.api_version, wire)

    def session(self, wire: Wire, handlers: Sequence[Handlers], shared_key: str) -> AbstractContextManager[str]:
        """A BuildKit session, open for as long as the context lasts; as `open_session`."""
        return open_session(self._endpoint, self._client.api_version, wire, handlers, shared_key)

    def _unchunked(self, wire: Wire) -> APIClient:
        return wired_client(self._endpoint, self._client.api_version, wire, unchunked=True)

    def build(self, request: BuildRequest) -> DockerBuild:
        """Prepare a build; it begins when its events are read."""
        build = DockerBuild(self, with_proxies(request, self._proxies), request.builder or self._info.builder)
        self._under_way.add(build)
        return build

    def inspect(self, reference: str) -> Image:
        """The image of this ID or tag. Raises ImageNotFound, EngineLost."""
        with self._lock, engine_errors(f"it was asked about {reference}"):
            parameters = {"manifests": "1"} if version_gte(self._client.api_version, MANIFESTS_API) else {}
            base = f"{self._client.base_url}/v{self._client.api_version}/images/{reference}"
            inspected = self._answer(f"{base}/json", parameters)
            history = self._answer(f"{base}/history", {})
        return read_image(inspected, history, self._info.size_basis)

    def look_up(self, name: str, platform: str = "") -> Offer:
        """What a pull of this image would bring. Raises PullRefused, EngineLost."""
        return self._registries.look_up(read_name(name), platform or self._info.platform)

    def cached_bases(self) -> dict[str, int]:
        """What BuildKit's cache holds of images that were pulled for builds. Raises EngineLost."""
        if version_lt(self._client.api_version, BUILD_CACHE_API):
            # Older engines can only be asked for everything at once, which may take them a minute.
            return {}
        with closing(self.wired(Wire())) as client, engine_errors("it was asked what its build cache holds"):
            url = f"{client.base_url}/v{client.api_version}/system/df"
            response = client.get(url, params={"type": "build-cache"}, timeout=ANSWER_SECONDS)
            return read_cached_bases(response.json() if response.ok else {})

    def _distribution(self, name: str) -> dict[str, Any]:
        # Of its own: a registry that does not answer must not hold up the other questions.
        with closing(self.wired(Wire())) as client, engine_errors(f"it was asked to look for {name}"):
            response = client.get(f"{client.base_url}/v{client.api_version}/distribution/{name}/json")
            if not response.ok:
                raise DistributionRefused(_explanation(response))
            told: dict[str, Any] = response.json()
        return told

    def save(self, reference: str) -> DockerSave:
        """Prepare to read an image out; it begins when its pieces are read."""
        save = DockerSave(self._unchunked, reference)
        self._under_way.add(save)
        return save

    def remove_image(self, reference: str) -> int:
        """Remove one image; the bytes by which the engine's layers shrank.

        Raises ImageNotFound, ImageInUse, EngineLost.
        """
        with self._lock, engine_errors(f"{reference} was being removed"):
            before = self._layer_bytes()
            self._client.remove_image(reference)
            after = self._layer_bytes()
        return max(0, before - after) if before is not None and after is not None else 0

    def shares(self) -> dict[str, Share]:
        """How much of each image is its own, by image ID. Raises EngineLost."""
        with self._lock, engine_errors("it was asked what its images weigh"):
            return read_shares(self._disk_usage() or {})

    def close(self) -> None:
        """Cancel what still runs and let go of all connections."""
        for one in list(self._under_way):
            one.cancel()
        self._containers.close()
        self._client.close()

    def _answer(self, url: str, parameters: dict[str, str]) -> Any:
        response = self._client.get(url, params=parameters, timeout=ANSWER_SECONDS)
        try:
            response.raise_for_status()
        except requests.HTTPError as error:
            create_api_error_from_http_exception(error)
        return response.json()

    def _layer_bytes(self) -> int | None:
        """What all layers take; None where the engine does not tell."""
        usage = self._disk_usage()
        return int(usage.get("LayersSize") or 0) if usage is not None else None

    def _disk_usage(self) -> dict[str, Any] | None:
        """GET /system/df; None where the engine fails at it.

        It does so now and then while something else makes or removes a snapshot, which is over a moment later.
        """
        for _ in range(DISK_USAGE_TRIES):
            try:
                usage: dict[str, Any] = self._client.df()
                return usage
            except APIError as error:
                log.info("The engine does not tell what its images take: %s", error)
        return None


def _explanation(response: requests.Response) -> str:
    try:
        return str(response.json()["message"])
    except (ValueError, KeyError, TypeError):
        return f"{response.status_code} {response.reason}"


def _default_builder(ping: dict[str, str], api_version: str, details: dict[str, Any]) -> Builder:
    """What a plain `docker build` would use there.

    Engines since 23.0 tell in `Builder-Version`; Podman answers the same call but ignores `version=2`.
    """
    if "Libpod-API-Version" in ping or version_lt(api_version, BUILDKIT_API) or details.get("OSType") == "windows":
        return Builder.CLASSIC
    return Builder.CLASSIC if ping.get("Builder-Version") == "1" and not _knows_buildkit(details) else Builder.BUILDKIT


def _knows_buildkit(details: dict[str, Any]) -> bool:
    """Engines from 18.09 on have BuildKit built in, whatever their default says."""
    major = str(details.get("ServerVersion", "0")).split(".")[0]
    return major.isdigit() and int(major) >= 19


def _info(
    version: dict[str, Any], details: dict[str, Any], api_version: str, endpoint: Endpoint, builder: Builder
) -> EngineInfo:
    components = [str(part.get("Name", "")) for part in version.get("Components") or ()]
    status = [str(pair) for pair in details.get("DriverStatus") or ()]
    packed = any(CONTAINERD_STORE in pair for pair in status)
    return EngineInfo(
        name="podman" if any("Podman" in name for name in components) else "docker",
        version=str(version.get("Version", "")),
        api_version=api_version,
        builder=builder,
        storage_driver=str(details.get("Driver", "")),
        size_basis=SizeBasis.PACKED_AND_UNPACKED if packed else SizeBasis.UNPACKED,
        platform=f"{version.get('Os', '')}/{version.get('Arch', '')}",
        endpoint=endpoint.url,
        context=endpoint.context,
        root_folder=str(details.get("DockerRootDir") or ""),
    )
