"""The lab's certificate authority, and what it signs: the registry's certificate and the key of its tokens."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import trustme

from tests.lab.places import HUB_NAMES, REGISTRY_ADDRESS, authority_file


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files in PEM."""

    authority: Path
    server: Path
    """Key and certificate of the registry."""
    untrusted: Path
    """The same, signed by an authority that is kept nowhere."""
    token_key: Path
    token_certificate: Path


def ensure_certificates(lab: Path) -> Certificates:
    """Make them unless they are there."""
    authority = authority_file(lab)
    folder = authority.parent
    names = ("server.pem", "untrusted.pem", "token-key.pem", "token.pem")
    files = Certificates(authority, *(folder / name for name in names))
    if not all(file.is_file() for file in (files.authority, files.server, files.untrusted, files.token_certificate)):
        folder.mkdir(parents=True, exist_ok=True)
        ours = trustme.CA()
        ours.cert_pem.write_to_path(str(files.authority))
        ours.issue_cert(REGISTRY_ADDRESS, *HUB_NAMES).private_key_and_cert_chain_pem.write_to_path(str(files.server))
        stranger = trustme.CA().issue_cert(REGISTRY_ADDRESS)
        stranger.private_key_and_cert_chain_pem.write_to_path(str(files.untrusted))
        tokens = ours.issue_cert("tokens.invalid", key_type=trustme.KeyType.RSA)
        tokens.private_key_pem.write_to_path(str(files.token_key))
        tokens.cert_chain_pems[0].write_to_path(str(files.token_certificate))
    return files
