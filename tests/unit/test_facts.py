from __future__ import annotations

import json

import pytest

from tests.unit.layers import Member, file, folder, go_program, hard_link, layer, settings, symlink, whiteout
from tui.image.anatomy import dissect
from tui.image.facts import Facts, Secret, SetIdFile
from tui.image.model import Kind, LayerIndex


def facts(*layers: LayerIndex, user: str = "", environment: tuple[str, ...] = ()) -> Facts:
    return dissect(settings(layers, user=user, environment=environment), layers).facts


@pytest.mark.parametrize(
    ("user", "is_root"),
    [("", True), ("0", True), ("root:root", True), ("0:1000", True), ("nobody", False), ("1000:0", False)],
)
def test_no_user_is_root(user: str, is_root: bool) -> None:
    assert facts(user=user).runs_as_root is is_root


def test_empty_layers_are_counted_apart() -> None:
    found = facts(layer(file("a", 1)), layer(), layer(folder("d")))
    assert (found.layer_count, found.all_layer_count, found.size_bytes) == (2, 3, 1)


def test_your_programs_are_found_where_a_container_sees_them() -> None:
    small, big = file("app/small", 5, program=go_program()), file("app/big", 9, program=go_program(is_static=False))
    found = facts(layer(small, big, file("app/old", 7, program=go_program())), layer(whiteout("app/old")))
    assert [(one.path, one.size_bytes, one.program.is_static) for one in found.programs] == [
        ("app/big", 9, False),
        ("app/small", 5, True),
    ]


def test_duplicates_count_beyond_the_first_and_only_where_they_are_seen() -> None:
    below = layer(
        file("a", 100, "same"),
        file("b", 100, "same"),
        file("c", 100, "other"),
        file("hidden", 100, "same"),
        hard_link("d", "a"),
    )
    assert facts(below, layer(whiteout("hidden"), file("e", 100, "same"))).duplicate_bytes == 200


def test_a_live_hard_link_keeps_bytes_that_may_be_a_duplicate() -> None:
    below = layer(file("a", 100, "same"), hard_link("b", "a"), file("c", 100, "same"))
    assert facts(below, layer(whiteout("a"))).duplicate_bytes == 100


def test_secrets_are_told_live_or_hidden_in_a_lower_layer() -> None:
    below = layer(folder("app"), folder("app/.git"), file("app/.git/HEAD", 5), file("app/.env", 9), file("id_rsa", 9))
    found = facts(below, layer(folder("app"), folder("app/.git"), whiteout("id_rsa"), file("app/.env", 3)))
    assert set(found.secrets) == {
        Secret("app/.git", "version control", 1, is_hidden=False),
        Secret("app/.env", "environment file", 0, is_hidden=True),
        Secret("app/.env", "environment file", 1, is_hidden=False),
        Secret("id_rsa", "private key", 0, is_hidden=True),
    }


@pytest.mark.parametrize(
    "path",
    [
        *(
            "root/.ssh/id_ed25519",
            "srv/tls/server.key",
            "cert.pem",
            "etc/ssl/private/server.key",
            "app/.env.production",
        ),
        *("root/.npmrc", "root/.netrc", "root/.aws/credentials", "root/.docker/config.json", "home/me/.kube/config"),
    ],
)
def test_what_looks_like_a_secret(path: str) -> None:
    assert [secret.path for secret in facts(layer(file(path, 9))).secrets] == [path]


@pytest.mark.parametrize(
    "path",
    [
        *("etc/ssl/certs/ISRG_Root_X1.pem", "root/.ssh/id_rsa.pub", "usr/share/ca-certificates/x.pem"),
        *("usr/local/go/src/crypto/tls/example-key.pem", "go/pkg/mod/example.com/x@v1/server.key"),
        *("mycache/pkg/x/server.key", "app/.env.example", "app/.gitignore", "app/config.json", "etc/environment"),
    ],
)
def test_what_does_not(path: str) -> None:
    assert facts(layer(file(path, 9)), environment=("GOMODCACHE=/mycache/pkg",)).secrets == ()


def test_an_empty_file_and_a_link_are_no_secrets() -> None:
    assert facts(layer(file("app/.env", 0), symlink("app/.netrc", "/dev/null"))).secrets == ()


def test_set_id_files_are_files_that_a_container_sees() -> None:
    below = layer(
        file("su", 1, mode=0o4755),
        hard_link("plain", "su"),
        file("chage", 1, mode=0o2755),
        file("gone", 1, mode=0o4755),
        folder("var/mail", mode=0o2775),
        Member("sticky", Kind.FILE, mode=0o1777),
    )
    assert facts(below, layer(whiteout("gone"))).set_id_files == (
        SetIdFile("su", sets_user=True, sets_group=False),
        SetIdFile("chage", sets_user=False, sets_group=True),
    )


def test_scratch_has_nothing_and_a_small_linux_has_all() -> None:
    bare = facts(layer(file("main", 9, mode=0o755)))
    assert not (bare.shell or bare.has_ca_certificates or bare.has_time_zones or bare.has_passwd or bare.has_tmp)
    full = facts(
        layer(
            symlink("bin", "usr/bin"),
            symlink("usr/bin/sh", "/bin/busybox"),
            file("usr/bin/busybox", 9, mode=0o755),
            file("etc/ssl/certs/ca-certificates.crt", 9),
            symlink("etc/localtime", "/usr/share/zoneinfo/Etc/UTC"),
            file("usr/share/zoneinfo/Etc/UTC", 9),
            file("etc/passwd", 9),
            folder("tmp", mode=0o1777),
        )
    )
    assert full.shell == "/bin/sh"
    assert full.has_ca_certificates and full.has_time_zones and full.has_passwd and full.has_tmp


def test_a_shell_that_leads_nowhere_or_cannot_run_is_none() -> None:
    assert facts(layer(symlink("bin/sh", "dash"))).shell == ""
    assert facts(layer(file("bin/sh", 9, mode=0o644))).shell == ""
    assert facts(layer(symlink("bin/sh", "dash"), file("bin/bash", 9, mode=0o755))).shell == "/bin/bash"


def test_a_path_is_there_with_links_followed() -> None:
    found = facts(layer(symlink("bin", "usr/bin"), file("usr/bin/ls", 1), symlink("dangling", "nowhere")))
    assert found.has_path("/bin/ls") and found.has_path("/usr/bin") and found.has_path("/dangling")
    assert not found.has_path("/usr/local/go") and not found.has_path("/bin/l")


def test_facts_are_json_whatever_the_names_are() -> None:
    odd = "srv/\udcff/.env"
    told = json.loads(json.dumps(facts(layer(file(odd, 9), file("app/x", 3, program=go_program()))).as_json()))
    assert told["secrets"][0]["path"] == "/srv/\N{REPLACEMENT CHARACTER}/.env"
    assert told["programs"][0]["path"] == "/app/x"
    assert told["programs"][0]["program"]["go_module"] == "example.com/echo"
    assert set(told) == set(Facts.__dataclass_fields__) - {"merged"}
