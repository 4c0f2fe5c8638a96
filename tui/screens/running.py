"""An app that runs what was built: starting, asking, chatting, stopping, the browser, a shell."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import SuspendNotSupported

from tui.screens.messages import LeftoversFound, PageOpened, ShellFound, ShellRefused
from tui.screens.seeking import SeekingApp
from tui.screens.walk import RUN
from tui.session.variants import Variant

if TYPE_CHECKING:
    from tui.engine.containers import Address, Container
    from tui.session.chat import Chat
    from tui.session.live_run import Run
    from tui.session.run_bench import RunBench
    from tui.session.run_events import RunEvent
    from tui.session.run_record import RunRecord
    from tui.widgets.chat_pane import ChatPane

ARTICLE_PORT = 8080
"""The port that the article's command publishes."""


class RunningApp(SeekingApp):
    """Carries out the actions of the registry that begin with `run-`."""

    _chat: Chat | None = None

    def wait_for_news(self) -> None:
        """Look for news some twenty times a second from now on."""
        raise NotImplementedError

    def act_on_runs(self, action: str) -> None:
        """Carry out what a key for running asks for, and show it."""
        self.walk.show_work(RUN)
        bench = self.learner.run_bench
        if bench is None:
            self.say_there_is_no_engine()
            return
        match action:
            case "both":
                self._start(bench, self.learner.project.variants)
            case "front":
                self._start(bench, [self._front_variant])
            case "8080":
                self._start(bench, [self._front_variant], host_port=ARTICLE_PORT)
            case "again":
                self._ask_again(bench)
            case "stop":
                self._stop(bench)
            case "chat":
                self._open_chat(bench)
            case "browse":
                self._browse(bench)
            case "shell":
                self._look_for_shell(bench)
            case "times":
                self._switch_times(bench)
            case "outputs":
                self.walk.runs.front.turn_outputs()

    def take_run_news(self, run: Run, event: RunEvent) -> None:
        """A run went on: what answers is asked at once, and a chat shows what is said."""
        from tui.session.run_events import ChatEvent, Ready

        assert self.learner.run_bench is not None
        if isinstance(event, Ready):
            self.learner.run_bench.runner.ask(run)
        elif isinstance(event, ChatEvent):
            self.walk.runs.chat.take(event)

    @property
    def _front_variant(self) -> Variant:
        return self.learner.project.variant(self.walk.runs.front.variant)

    def _start(self, bench: RunBench, variants: Sequence[Variant], *, host_port: int | None = None) -> None:
        missing = [v for v in variants if (built := self.learner.record(v)) is None or built.image is None]
        if missing:
            self.tell(f"{missing[0].title} is not built yet. b builds both.")
            return
        for variant in variants:
            bench.start(self.learner.project, variant, host_port=host_port)
        self.walk.refresh_runs()
        self.wait_for_news()

    def _front_run(self, bench: RunBench) -> RunRecord | None:
        """The run of the pane in front, or a word that it does not run."""
        record = bench.record(self.learner.project, self._front_variant)
        if record is None or not record.is_running:
            self.tell(f"{self._front_variant.title} does not run. R runs both.")
            return None
        return record

    def _reachable_run(self, bench: RunBench) -> RunRecord | None:
        """The run of the pane in front, or a word why it does not run or cannot be reached."""
        record = self._front_run(bench)
        if record is not None and record.silent_advice:
            self.warn(f"{record.silent_reason} {record.silent_advice}")
            return None
        return record

    def _ask_again(self, bench: RunBench) -> None:
        running = [record for record in bench.records.values() if record.is_running]
        for record in running:
            bench.runner.ask(record.run)
        if not running:
            self.tell("Nothing runs. R runs both.")

    def _stop(self, bench: RunBench) -> None:
        if not bench.runner.leftovers:
            self.tell("Nothing runs.")
        bench.runner.stop_all()

    def _open_chat(self, bench: RunBench) -> None:
        record = self._reachable_run(bench)
        if record is None:
            return
        self._chat = bench.runner.chat(record.run)
        if self._chat is not None:
            self.walk.runs.open_chat(self._front_variant.title, self._chat.url)

    def on_chat_pane_said(self, message: ChatPane.Said) -> None:
        """Send what was typed."""
        if self._chat is not None:
            self._chat.send(message.text)

    def on_chat_pane_left(self) -> None:
        """Say goodbye, and give the room back."""
        if self._chat is not None:
            self._chat.close()
            self._chat = None
        self.walk.runs.close_chat()
        self.walk.show_place(RUN)

    def _browse(self, bench: RunBench) -> None:
        record = self._reachable_run(bench)
        if record is None or record.container is None or record.container.address is None:
            return
        # A browser may take seconds to start.
        work = (record.container.address,)
        threading.Thread(target=self._open_page, args=work, name="browser", daemon=True).start()

    def _open_page(self, address: Address) -> None:
        from tui.session.browser import open_page

        self.post_message(PageOpened(open_page(address)))

    @on(PageOpened)
    def _page_opened(self, message: PageOpened) -> None:
        opened = message.opened
        if opened.why_not:
            self.copy("the page's address", opened.url)
            self.warn(f"{opened.why_not} {opened.url}")
        else:
            self.tell("The page is open in the browser.")

    def _switch_times(self, bench: RunBench) -> None:
        record = self._front_run(bench)
        if record is not None:
            bench.runner.follow(record.run, timestamps=not record.timestamps)

    # Clean-up, and the way out.

    def _do_clean_up(self) -> None:
        bench = self.learner.bench
        if bench is None:
            self.say_there_is_no_engine()
            return
        from tui.screens.clean import CleanScreen

        self.push_screen(CleanScreen(bench.engine, bench.ledger))

    def look_for_leftovers(self) -> None:
        """Tell of containers of an earlier session that are still there, once the engine has answered."""
        bench = self.learner.bench
        if bench is None or bench.engine.info.recorded_on is not None:
            return

        def look() -> None:
            from tui.engine.errors import EngineError
            from tui.session.container_cleanup import left_containers

            try:
                count = len(left_containers(bench.engine, bench.ledger))
            except (EngineError, OSError):
                # Whoever cleans up is told why it cannot be known; here nobody asked.
                return
            if count:
                self.post_message(LeftoversFound(count))

        threading.Thread(target=look, name="leftovers", daemon=True).start()

    @on(LeftoversFound)
    def _leftovers_found(self, message: LeftoversFound) -> None:
        are = "container of an earlier session is" if message.count == 1 else "containers of earlier sessions are"
        self.tell(f"{message.count} {are} still there. X lists and removes what is ours.")

    def confirm_leaving(self, leave: Callable[[], None]) -> None:
        """Leave at once, or ask first what becomes of the containers of this session."""
        bench = self.learner.bench
        left = bench.runs.runner.leftovers if bench is not None and bench.has_runs else ()
        if not left:
            leave()
            return
        from tui.screens.leave import LeaveChoice, LeaveScreen

        def answered(choice: LeaveChoice | None) -> None:
            assert bench is not None
            if choice is LeaveChoice.KEEP:
                leave()
            elif choice is LeaveChoice.STOP:
                bench.runs.runner.stop_all()
                self.tell("Stopping what runs…")
                self._leave_when_stopped(bench.runs, leave)
            elif choice is LeaveChoice.CLEAN:
                bench.runs.runner.stop_all()
                self._leave_when_stopped(bench.runs, self._do_clean_up)

        self.push_screen(LeaveScreen([run.request.name for run in left]), answered)

    def _leave_when_stopped(self, bench: RunBench, leave: Callable[[], None]) -> None:
        if bench.runner.leftovers:
            self.set_timer(0.1, lambda: self._leave_when_stopped(bench, leave))
        else:
            leave()

    # A shell: the engine is asked in a thread whether there is one.

    def _look_for_shell(self, bench: RunBench) -> None:
        record = self._front_run(bench)
        if record is not None and record.container is not None:
            work = (record.container,)
            threading.Thread(target=self._find_shell, args=work, name="shell", daemon=True).start()

    def _find_shell(self, container: Container) -> None:
        from tui.engine.errors import EngineError
        from tui.session.container_shell import Shell, shell_in

        assert self.learner.bench is not None
        try:
            found = shell_in(self.learner.bench.engine, container)
        except EngineError as error:
            self.post_message(ShellRefused(f"{error.what} {error.advice}"))
            return
        if isinstance(found, Shell):
            self.post_message(ShellFound(found))
        else:
            self.post_message(ShellRefused(f"{found.reason} ({found.command})"))

    @on(ShellRefused)
    def _no_shell(self, message: ShellRefused) -> None:
        self.warn(message.why)

    @on(ShellFound)
    def _shell(self, message: ShellFound) -> None:
        """Give the terminal to the shell until it ends."""
        from tui.session.container_shell import open_shell

        shell = message.shell
        try:
            with self.suspend():
                print(f"$ {shell.command}    (exit leads back)", flush=True)
                complaint = open_shell(shell)
        except SuspendNotSupported:
            self.copy("the command", shell.command)
            return
        if complaint:
            self.warn(complaint)
