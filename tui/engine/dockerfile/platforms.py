"""The variables about platforms that a Dockerfile has without an ARG."""

from __future__ import annotations


def platform_variables(build: str, target: str | None = None, stage: str | None = None) -> dict[str, str]:
    """BUILDPLATFORM, TARGETARCH and their kin, for `parse`.

    `build` is the builder's own platform, such as `linux/amd64`; `target` is what is built for (the same if None), and
    `stage` the name of the stage that is built.
    """
    variables = _parts("BUILD", build) | _parts("TARGET", target or build)
    return variables | {"TARGETSTAGE": stage or "default"}


def _parts(prefix: str, platform: str) -> dict[str, str]:
    system, _, rest = platform.partition("/")
    architecture, _, variant = rest.partition("/")
    return {
        f"{prefix}PLATFORM": platform,
        f"{prefix}OS": system,
        f"{prefix}OSVERSION": "",
        f"{prefix}ARCH": architecture,
        f"{prefix}VARIANT": variant,
    }
