"""What a BuildKit daemon may ask in a build's session, and what it gets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from tests.needs import need
from tests.support.grpc_daemon import Answer, Daemon, daemon_of
from tests.support.ssh_agent import real_agent
from tests.support.token_server import PASSWORD, USER, TokenServer, token_server
from tui.engine.buildkit.session import session_pb2 as messages
from tui.engine.buildkit.session.auth import AuthService
from tui.engine.buildkit.session.call import Status
from tui.engine.buildkit.session.secrets import SecretService
from tui.engine.buildkit.session.ssh import SshService
from tui.engine.registry.logins import Login
from tui.engine.request import MOST_SECRET_BYTES, BuildSecret, SecretFile, SecretVariable, SshAgent

AUTH = "/moby.filesync.v1.Auth/"
GET_SECRET = "/moby.buildkit.secrets.v1.Secrets/GetSecret"
SSH = "/moby.sshforward.v1.SSH/"
FAILURE, LIST_KEYS, KEYS, REMOVE_ALL = 5, 11, 12, 19


def nobody(host: str) -> Login | None:
    return None


def ann(host: str) -> Login | None:
    return Login(USER, PASSWORD) if host == "registry.example" else None


# --- logins and tokens


def test_a_login_is_given_to_the_daemon_for_its_own_registry_only() -> None:
    with daemon_of(AuthService(ann).handlers()) as daemon:
        for host, user, secret in (("registry.example", USER, PASSWORD), ("other.example", "", "")):
            answer = daemon.call(f"{AUTH}Credentials", messages.CredentialsRequest(Host=host).SerializeToString())
            given = messages.CredentialsResponse.FromString(answer.messages[0])
            assert (given.Username, given.Secret) == (user, secret)


def test_a_token_is_fetched_here() -> None:
    with token_server(TokenServer()) as tokens, daemon_of(AuthService(ann).handlers()) as daemon:
        request = messages.FetchTokenRequest(Host="registry.example", Realm=tokens.url, Scopes=["repository:a:pull"])
        answer = daemon.call(f"{AUTH}FetchToken", request.SerializeToString())
        given = messages.FetchTokenResponse.FromString(answer.messages[0])
        assert (given.Token, given.ExpiresIn) == ("for password", 300)


def test_a_refused_token_is_told_to_the_daemon_without_the_password() -> None:
    with token_server(TokenServer()) as tokens:
        wrong = AuthService(lambda host: Login(USER, "wrong-password"))
        with daemon_of(wrong.handlers()) as daemon:
            request = messages.FetchTokenRequest(Host="registry.example", Realm=tokens.url)
            answer = daemon.call(f"{AUTH}FetchToken", request.SerializeToString())
    assert answer.status == Status.UNKNOWN
    assert "incorrect username or password" in answer.words
    assert "wrong-password" not in answer.words


def public_key(daemon: Daemon, host: str, salt: bytes = b"salt") -> bytes:
    request = messages.GetTokenAuthorityRequest(Host=host, Salt=salt)
    answer = daemon.call(f"{AUTH}GetTokenAuthority", request.SerializeToString())
    return messages.GetTokenAuthorityResponse.FromString(answer.messages[0]).PublicKey


def test_clients_without_a_login_have_one_key_and_those_with_a_login_one_each() -> None:
    with daemon_of(AuthService(ann).handlers()) as one, daemon_of(AuthService(ann).handlers()) as other:
        assert public_key(one, "other.example") == public_key(other, "other.example")
        assert public_key(one, "registry.example") == public_key(one, "registry.example")
        assert public_key(one, "registry.example") != public_key(other, "registry.example")
        assert public_key(one, "other.example") != public_key(one, "other.example", b"another salt")


def test_a_client_proves_that_it_has_its_key() -> None:
    with daemon_of(AuthService(ann).handlers()) as daemon:
        request = messages.VerifyTokenAuthorityRequest(Host="registry.example", Salt=b"salt", Payload=b"prove it")
        answer = daemon.call(f"{AUTH}VerifyTokenAuthority", request.SerializeToString())
        signed = messages.VerifyTokenAuthorityResponse.FromString(answer.messages[0]).Signed
        assert VerifyKey(public_key(daemon, "registry.example")).verify(signed) == b"prove it"
        with pytest.raises(BadSignatureError):
            VerifyKey(public_key(daemon, "other.example")).verify(signed)


def test_a_helper_is_asked_once_for_each_registry() -> None:
    asked: list[str] = []

    def find(host: str) -> Login | None:
        asked.append(host)
        return ann(host)

    with daemon_of(AuthService(find).handlers()) as daemon:
        for host in ("registry.example", "other.example", "registry.example"):
            public_key(daemon, host)
    assert asked == ["registry.example", "other.example"]


def test_nonsense_is_refused() -> None:
    with daemon_of(AuthService(nobody).handlers()) as daemon:
        assert daemon.call(f"{AUTH}Credentials", b"\xff\xff").status == Status.INVALID_ARGUMENT


# --- secrets


def secret(secrets: Sequence[BuildSecret], name: str, environ: dict[str, str] | None = None) -> Answer:
    with daemon_of(SecretService(secrets, environ or {}).handlers()) as daemon:
        return daemon.call(GET_SECRET, messages.GetSecretRequest(ID=name).SerializeToString())


def value(answer: Answer) -> bytes:
    return messages.GetSecretResponse.FromString(answer.messages[0]).data


def test_a_secret_is_the_bytes_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\0\xff\n")
    assert value(secret([SecretFile("key", tmp_path / "key")], "key")) == b"\0\xff\n"


def test_a_secret_is_a_variable() -> None:
    assert value(secret([SecretVariable("key", "THE_KEY")], "key", {"THE_KEY": "ä"})) == "ä".encode()


def test_a_secret_that_was_not_given_is_not_found(tmp_path: Path) -> None:
    assert secret([SecretFile("key", tmp_path / "key")], "other").status == Status.NOT_FOUND


def test_a_variable_that_is_not_set_is_not_found() -> None:
    answer = secret([SecretVariable("key", "THE_KEY")], "key")
    assert (answer.status, answer.words) == (Status.NOT_FOUND, "secret key: the variable THE_KEY is not set")


def test_a_file_that_cannot_be_read_ends_the_build_with_its_name(tmp_path: Path) -> None:
    answer = secret([SecretFile("key", tmp_path / "absent")], "key")
    assert answer.status == Status.INVALID_ARGUMENT
    assert answer.words == f"secret key: {tmp_path / 'absent'} cannot be read: No such file or directory"


def test_a_secret_has_a_largest_size(tmp_path: Path) -> None:
    (tmp_path / "most").write_bytes(bytes(MOST_SECRET_BYTES))
    (tmp_path / "more").write_bytes(bytes(MOST_SECRET_BYTES + 1))
    assert len(value(secret([SecretFile("key", tmp_path / "most")], "key"))) == MOST_SECRET_BYTES
    assert secret([SecretFile("key", tmp_path / "more")], "key").status == Status.INVALID_ARGUMENT


# --- ssh agents


def asked(daemon: Daemon, *questions: bytes, agent: str = "default") -> list[bytes]:
    """The agent's answers to these messages, each without its length."""
    number = daemon.begin(f"{SSH}ForwardAgent", [("buildkit.ssh.id", agent)])
    for question in questions:
        framed = len(question).to_bytes(4) + question
        # In two pieces, as a socket may cut it.
        for piece in (framed[:2], framed[2:]):
            daemon.send(number, messages.BytesMessage(data=piece).SerializeToString())
    daemon.send(number, b"", is_last=True)
    return [messages.BytesMessage.FromString(one).data[4:] for one in daemon.answer(number).messages]


def test_a_build_may_list_keys_and_not_remove_them(tmp_path: Path) -> None:
    need(Path("/usr/bin/ssh-agent").exists(), "ssh-agent", "install OpenSSH's client")
    with real_agent(tmp_path) as agent:
        service = SshService([SshAgent(socket=agent.socket)], {})
        with daemon_of(service.handlers()) as daemon:
            checked = daemon.call(f"{SSH}CheckAgent", messages.CheckAgentRequest(ID="default").SerializeToString())
            removed, listed = asked(daemon, bytes([REMOVE_ALL]), bytes([LIST_KEYS]))
    assert checked.status == Status.OK
    assert removed == bytes([FAILURE])
    assert listed[:5] == bytes([KEYS, 0, 0, 0, 1])


def test_the_users_own_agent_is_the_default_one(tmp_path: Path) -> None:
    service = SshService([SshAgent()], {"SSH_AUTH_SOCK": str(tmp_path / "agent")})
    with daemon_of(service.handlers()) as daemon:
        assert daemon.call(f"{SSH}CheckAgent").status == Status.OK
        other = daemon.call(f"{SSH}CheckAgent", messages.CheckAgentRequest(ID="other").SerializeToString())
    assert (other.status, other.words) == (Status.NOT_FOUND, "no ssh agent is forwarded as other")


def test_without_an_agent_nothing_is_served() -> None:
    assert SshService([SshAgent()], {}).handlers() == {}
    assert SshService([], {"SSH_AUTH_SOCK": "/run/agent"}).handlers() == {}


def test_an_agent_that_went_away_is_told_with_its_socket(tmp_path: Path) -> None:
    with daemon_of(SshService([SshAgent(socket=tmp_path / "gone")], {}).handlers()) as daemon:
        answer = daemon.call(f"{SSH}ForwardAgent")
    assert answer.status == Status.UNAVAILABLE
    assert f"the ssh agent at {tmp_path / 'gone'} does not answer" in answer.words


def words_of_an_agent_that_says(folder: Path, answer: bytes) -> str:
    """How a build's question ends that an agent answers with these bytes."""
    path = folder / "agent"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def say() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(100)
                connection.sendall(answer)

        thread = threading.Thread(target=say)
        thread.start()
        with daemon_of(SshService([SshAgent(socket=path)], {}).handlers()) as daemon:
            number = daemon.begin(f"{SSH}ForwardAgent")
            question = messages.BytesMessage(data=b"\0\0\0\1" + bytes([LIST_KEYS]))
            daemon.send(number, question.SerializeToString())
            ended = daemon.answer(number)
        thread.join()
    assert ended.status == Status.UNAVAILABLE
    return ended.words


def test_an_agent_that_answers_half_is_told_as_such(tmp_path: Path) -> None:
    assert "its answer broke off" in words_of_an_agent_that_says(tmp_path, b"\0\0\0\x09half")


def test_an_answer_that_is_too_long_is_told_as_such(tmp_path: Path) -> None:
    assert "its answer is too long" in words_of_an_agent_that_says(tmp_path, b"\x7f\xff\xff\xff")


@pytest.mark.parametrize("question", [b"\0\0\0\0x", b"\xff\xff\xff\xffx"], ids=["empty", "endless"])
def test_what_is_no_message_to_an_agent_is_refused(tmp_path: Path, question: bytes) -> None:
    path = tmp_path / "agent"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        with daemon_of(SshService([SshAgent(socket=path)], {}).handlers()) as daemon:
            number = daemon.begin(f"{SSH}ForwardAgent")
            daemon.send(number, messages.BytesMessage(data=question).SerializeToString())
            assert daemon.answer(number).status == Status.INVALID_ARGUMENT
