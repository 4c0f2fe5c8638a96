"""An image's way from an engine's socket: in one piece, read ahead, and ended whenever nobody wants more."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fakes import INFO
from tui.engine.docker_engine import DockerEngine
from tui.engine.docker_save import END_MARK, PIECE_BYTES, DockerSave
from tui.engine.endpoint import Endpoint
from tui.engine.errors import EngineLost
from tui.engine.read_ahead import PIECES_AHEAD, read_ahead
from tui.engine.transport import LONG_READ_BYTES, PatientSocket, open_client, wired_client

ARCHIVE = bytes(range(256)) * (PIECE_BYTES // 100) + END_MARK
"""Two pieces and a half."""


class Sender:
    """An engine that knows one answer, on a socket of either kind."""

    def __init__(self, family: socket.AddressFamily, folder: Path, body: bytes) -> None:
        self._socket = socket.socket(family)
        self._socket.bind(str(folder / "s") if family is socket.AF_UNIX else ("127.0.0.1", 0))
        self._socket.listen()
        self._body = body
        self.asked = ""
        self.was_heard_out = False
        self.thread = threading.Thread(target=self._answer)
        self.thread.start()

    @property
    def url(self) -> str:
        address = self._socket.getsockname()
        return f"unix://{address}" if isinstance(address, str) else f"tcp://127.0.0.1:{address[1]}"

    def _answer(self) -> None:
        connection, _ = self._socket.accept()
        with connection, self._socket:
            self.asked = connection.makefile("r").readline().strip()
            try:
                connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + self._body)
                self.was_heard_out = True
            except ConnectionError:
                pass


@contextmanager
def reading(
    folder: Path, body: bytes, family: socket.AddressFamily = socket.AF_UNIX
) -> Iterator[tuple[Sender, DockerSave]]:
    sender = Sender(family, folder, body)
    endpoint = Endpoint(sender.url, "this test")
    yield sender, DockerSave(lambda wire: wired_client(endpoint, "1.41", wire, unchunked=True), "image")
    sender.thread.join()


@pytest.mark.parametrize("family", [socket.AF_UNIX, socket.AF_INET])
def test_a_long_answer_is_asked_for_without_chunks_and_comes_in_large_pieces(
    tmp_path: Path, family: socket.AddressFamily
) -> None:
    with reading(tmp_path, ARCHIVE, family) as (sender, save):
        pieces = list(save.pieces())
    assert b"".join(pieces) == ARCHIVE
    assert [len(piece) for piece in pieces[:-1]] == [PIECE_BYTES] * 2
    assert sender.asked == "GET /v1.41/images/image/get HTTP/1.0"


def test_an_answer_that_breaks_off_is_a_lost_engine(tmp_path: Path) -> None:
    taken: list[bytes] = []
    with reading(tmp_path, ARCHIVE[:-1]) as (_, save), pytest.raises(EngineLost, match="in the middle of image"):
        taken.extend(save.pieces())
    assert b"".join(taken) == ARCHIVE[:-1]


def test_whoever_stops_reading_hangs_up(tmp_path: Path) -> None:
    with reading(tmp_path, ARCHIVE * 9) as (sender, save):
        pieces = save.pieces()
        assert next(pieces) == ARCHIVE[:PIECE_BYTES]
        del pieces
    assert not sender.was_heard_out
    assert not any(thread.name == "read ahead" for thread in threading.enumerate())


def test_after_a_cancel_there_are_no_more_pieces(tmp_path: Path) -> None:
    with reading(tmp_path, ARCHIVE * 9) as (sender, save):
        pieces = save.pieces()
        next(pieces)
        save.cancel()
        assert list(pieces) == []
    assert not sender.was_heard_out


def test_closing_an_engine_ends_what_is_read_out_of_it(tmp_path: Path) -> None:
    endpoint = Endpoint(f"unix://{tmp_path}/nobody", "this test")
    engine = DockerEngine(open_client(endpoint, version="1.41"), endpoint, INFO)
    save = engine.save("image")
    engine.close()
    assert list(save.pieces()) == []


def test_a_patient_socket_waits_until_a_long_read_is_filled() -> None:
    ours, theirs = socket.socketpair()
    sender = threading.Thread(target=theirs.sendall, args=(bytes(LONG_READ_BYTES),))
    with PatientSocket(fileno=ours.detach()) as patient, theirs:
        sender.start()
        assert patient.recv_into(bytearray(LONG_READ_BYTES)) == LONG_READ_BYTES
        sender.join()
        theirs.sendall(b"short")
        assert patient.recv_into(bytearray(LONG_READ_BYTES - 1)) == 5
        theirs.sendall(b"the end")
        theirs.shutdown(socket.SHUT_WR)
        assert patient.recv_into(bytearray(LONG_READ_BYTES)) == 7


def no_cut() -> None:
    raise AssertionError


def test_what_is_read_ahead_is_bounded() -> None:
    made: list[int] = []
    goes_on = threading.Event()

    def pieces() -> Generator[bytes]:
        for number in range(PIECES_AHEAD + 5):
            made.append(number)
            if number > PIECES_AHEAD + 1:
                goes_on.set()
            yield b"%d" % number

    ahead = read_ahead(pieces(), no_cut)
    assert next(ahead) == b"0"
    # One more waits for room, and the next is made when there is room.
    assert next(ahead) == b"1"
    assert goes_on.wait(10)
    assert len(made) <= PIECES_AHEAD + 3
    assert list(ahead) == [b"%d" % number for number in range(2, PIECES_AHEAD + 5)]


def broken() -> Generator[bytes]:
    yield b"good"
    raise EngineLost("It is gone.", "Look for it.")


def test_an_error_of_reading_comes_after_what_was_read_before() -> None:
    ahead = read_ahead(broken(), no_cut)
    assert next(ahead) == b"good"
    with pytest.raises(EngineLost, match="gone"):
        next(ahead)


def test_an_early_end_closes_what_is_read() -> None:
    closed = threading.Event()
    is_cut = threading.Event()

    def endless() -> Generator[bytes]:
        try:
            while not is_cut.is_set():
                yield b"more"
        finally:
            closed.set()

    def take_one(cut: Callable[[], None]) -> bytes:
        return next(read_ahead(endless(), cut))

    assert take_one(is_cut.set) == b"more"
    assert closed.is_set()


def test_the_reading_thread_may_be_the_one_that_ends_the_reading() -> None:
    held: list[Generator[bytes]] = []
    is_begun, is_cut, is_over = threading.Event(), threading.Event(), threading.Event()
    troubles: list[RuntimeError] = []

    def pieces() -> Generator[bytes]:
        yield b"first"
        is_begun.wait()
        try:
            held.pop().close()
        except RuntimeError as error:
            troubles.append(error)
        is_over.set()

    reading = read_ahead(pieces(), is_cut.set)
    assert isinstance(reading, Generator)
    assert next(reading) == b"first"
    held.append(reading)
    is_begun.set()
    is_over.wait()
    assert troubles == []
    assert is_cut.is_set()
