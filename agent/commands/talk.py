"""The conversation in the terminal, from the greeting to the report."""

from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from functools import cached_property
from typing import TYPE_CHECKING

from symptom_intake.agent.commands.opening import get_ready, open_session, prepare
from symptom_intake.agent.commands.view import View
from symptom_intake.prompts.templates import load_messages

if TYPE_CHECKING:
    from symptom_intake.agent.commands.card import Card
    from symptom_intake.agent.config import Config
    from symptom_intake.agent.reply import Reply
    from symptom_intake.agent.session import IntakeSession


class Talk:
    """One person at one terminal.

    Attributes:
        view: The terminal.
    """

    def __init__(self, view: View, config: "Config", complaints: Sequence[str] = ()) -> None:
        """Nothing is opened yet; the greeting does not need it.

        Args:
            view: The terminal.
            config: The settings.
            complaints: In play from the start.
        """
        self.view = view
        self._config, self._complaints = config, complaints
        self._resume: str | None = None
        self._card: Card | None = None
        self._over = False
        self._closing = ExitStack()

    @cached_property
    def session(self) -> "IntakeSession":
        """The interview, opened when it is first needed."""
        return self._closing.enter_context(open_session(self._config, self._resume, self._complaints))

    def run(self, resume: str | None = None) -> None:
        """Talk until the interview or the person ends it.

        Args:
            resume: Id of an interview to go on with.
        """
        with self._closing:
            try:
                self._resume = resume
                self._greet() if resume is None else self._go_on()
                while not self._over:
                    self._turn(self.view.ask())
            except (EOFError, KeyboardInterrupt):
                self._goodbye()

    def show(self, reply: "Reply") -> None:
        """Show a reply; after the last one, the report."""
        from symptom_intake.agent.commands.card import card_of

        if reply.phase == "escalated":
            self.view.emergency(reply.text)
        else:
            self._card = card_of(reply, self.session)
            self.view.reply(self._card)
        if reply.done:
            self._finish(shown=reply.phase == "done")
        else:
            self.view.progress(reply.progress)

    def _greet(self) -> None:
        messages = load_messages(self._config.language, self._config.region, self._config.content)
        notice = [messages.text("notice")]
        if messages.region != messages.asked_region:
            notice.append(messages.text("region_fallback", asked_region=messages.asked_region))
        self.view.greeting("\n\n".join(notice), messages.text("opening"))
        if self._config.without_model:
            get_ready(self._config)
        else:
            prepare(self._config)  # a model that cannot be used is better known before the first answer

    def _go_on(self) -> None:
        """Show the notice again, and where the interview stopped."""
        last = self.session.last_reply
        self.view.greeting(self.session.notice, "" if last else self.session.context.messages.text("opening"))
        if last:
            self.show(last)

    def _turn(self, typed: str) -> None:
        from symptom_intake.agent.commands.slash import QuitError, run_command

        command = typed.strip()
        if command.startswith("/"):
            try:
                run_command(command, self)
            except QuitError:
                self._over = True
                self._goodbye()
            return
        answer = self._card.picked(typed) if self._card else typed
        with nullcontext() if self._config.without_model else self.view.waiting():
            reply = self.session.send(answer)
        self.show(reply)

    def _finish(self, shown: bool) -> None:
        """Save the report and say where; an emergency message stays the last thing of length on the screen."""
        from symptom_intake.agent.commands.options import database
        from symptom_intake.agent.commands.saved import report_path, save_report
        from symptom_intake.agent.exports.markdown import to_markdown

        self._over = True
        text = to_markdown(self.session.report())
        if shown:
            self.view.report(text)
        path = report_path(database(self._config.db), self.session.id)
        if path:
            save_report(path, text)
            self.view.path("The report is saved in", str(path))

    def _goodbye(self) -> None:
        if self._config.db == ":memory:":
            self.view.note("\nNothing of this is kept.")
        elif "session" in self.__dict__:
            self.view.note("")
            self.view.path("Saved. To go on later", f"symptom-intake chat --resume {self.session.id}{self._options()}")
        else:
            self.view.note("\nNothing was said, so nothing was saved.")

    def _options(self) -> str:
        """What going on later must be told again; region and language are kept with the interview."""
        from shlex import quote

        config = self._config
        told = [("--db", config.db), ("--model", config.model), ("--image-model", config.image_model)]
        told.append(("--content", str(config.content) if config.content else None))
        return "".join(f" {name} {quote(value)}" for name, value in told if value not in (None, "embedded", "none"))
