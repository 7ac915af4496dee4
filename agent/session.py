"""IntakeSession: one interview as a chatbot holds it. Everything goes through the graph and its one door."""

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from langchain_core.messages import HumanMessage
from langchain_core.runnables import RunnableConfig

from symptom_intake.agent.context import IntakeContext, make_context
from symptom_intake.agent.errors import ConfigurationError, PatientInputError
from symptom_intake.agent.exports.report import Report, build_report
from symptom_intake.agent.graph import RECURSION_LIMIT, build_graph
from symptom_intake.agent.history import Attachment, History, Phase, Settings
from symptom_intake.agent.interview.protocol import Interviewer
from symptom_intake.agent.interview.wording import describe, slot_as_asked
from symptom_intake.agent.language.ingest import storable
from symptom_intake.agent.locking import session_lock
from symptom_intake.agent.models.options import ModelOptions
from symptom_intake.agent.nodes.assess import flags_now
from symptom_intake.agent.nodes.attachments import STORED, store
from symptom_intake.agent.persistence import open_checkpointer, open_records
from symptom_intake.agent.registration import note_other_content, register, settings_of
from symptom_intake.agent.reply import Event, Reply, as_reply, reply_to
from symptom_intake.agent.state import IntakeState, add_flags, missing_from, open_ask
from symptom_intake.agent.undo import undo_update
from symptom_intake.prompts.levels import Urgency, highest
from symptom_intake.tools.images import clean_image
from symptom_intake.tools.records import Records
from symptom_intake.tools.vision import ImageReader

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class IntakeSession:
    """One interview. Use it as a context manager, or call `close`.

    Attributes:
        id: The session's id, by which it is resumed.
        context: What its nodes work with.
    """

    def __init__(
        self, session_id: str, context: IntakeContext, graph: Any, records: Records, resources: ExitStack
    ) -> None:
        """Hold an opened session; use `IntakeSession.open`."""
        self.id, self.context = session_id, context
        self._graph, self._records, self._resources = graph, records, resources
        self._config: RunnableConfig = {
            "configurable": {"thread_id": session_id},
            "recursion_limit": RECURSION_LIMIT,
        }
        self._pending: list[Attachment] = []
        self._turn = threading.Lock()

    @classmethod
    def open(
        cls,
        db: str = ":memory:",
        *,
        session: str | None = None,
        region: str = "us",
        language: str = "en",
        interviewer: "str | BaseChatModel | Interviewer" = "embedded",
        image_reader: "str | BaseChatModel | ImageReader" = "none",
        options: ModelOptions | None = None,
        content: Path | None = None,
        complaints: Sequence[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> "IntakeSession":
        """Begin an interview, or go on with one exactly where it stopped.

        Args:
            db: Path of the database, or `:memory:`.
            session: Id of the session to go on with; its own region and language are kept.
            region: Which emergency numbers and words the messages use; an unknown one falls back to 112.
            language: Language of the messages.
            interviewer: `embedded` (no model), a string that names a model (docs/models.md), a LangChain chat model, or
                an object that follows the Interviewer protocol.
            image_reader: `none`, or likewise.
            options: How models are loaded, and how long a turn waits for them.
            content: A pack of questions, rules and messages that is laid over ours (docs/write-a-protocol.md).
            complaints: Ids of complaints that a new interview has in play from the start, beside what the patient says.
            clock: Now, with a time zone.

        Raises:
            ConfigurationError: If a model is not known, or cannot be used as it is set up.
            UnknownSessionError: If there is no such session.
            SessionBusyError: If another process has it open.
            StorageError: If the database cannot be used.
            ContentError: If the content is faulty.
        """
        with ExitStack() as stack:
            saver = stack.enter_context(open_checkpointer(db))  # first: a foreign file gets no records beside it
            records = open_records(db)
            stack.callback(records.close)
            settings = Settings(region=region, language=language)
            if session is not None:
                settings = settings_of(records, session)
            session_id = session or uuid.uuid4().hex
            stack.enter_context(session_lock(db, session_id))
            context = make_context(
                settings,
                interviewer,
                image_reader=image_reader,
                options=options,
                content=content,
                records=records,
                notice_in_reply=False,
                clock=clock,
            )
            if session is None:
                register(records, session_id, context)
            else:
                note_other_content(records, session_id, context)
            graph = build_graph(context).compile(checkpointer=saver)
            opened = cls(session_id, context, graph, records, stack.pop_all())
        if session is None and complaints:
            opened._begin_with(complaints)
        opened._finish_interrupted_turn()
        return opened

    def __enter__(self) -> Self:
        """The session itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let go of the database and the lock; everything said is saved already."""
        self._resources.close()

    @property
    def values(self) -> IntakeState:
        """The graph's state as it was last saved."""
        state: IntakeState = self._graph.get_state(self._config).values
        return state

    @property
    def history(self) -> History:
        """What is known so far."""
        return self.values.get("history", History())

    @property
    def urgency(self) -> Urgency:
        """The level so far; it never falls."""
        return self.values.get("urgency", Urgency.ROUTINE)

    @property
    def phase(self) -> Phase:
        """Where the interview stands."""
        return self.values.get("phase", "opening")

    @property
    def done(self) -> bool:
        """Whether the interview is over."""
        return self.phase in ("done", "escalated")

    @property
    def greeting(self) -> str:
        """The AI notice and its limits, then the opening question; shown before the first message."""
        return f"{self.notice}\n\n{self.context.messages.text('opening')}"

    @property
    def notice(self) -> str:
        """The AI notice, and a word when the region was not known."""
        messages = self.context.messages
        parts = [messages.text("notice")]
        if messages.region != messages.asked_region:
            parts.append(messages.text("region_fallback", asked_region=messages.asked_region))
        return "\n\n".join(parts)

    @property
    def last_reply(self) -> Reply | None:
        """The latest reply, for showing again after a resume."""
        state = self.values
        replies = [turn for turn in state.get("turns", []) if turn.role == "assistant"]
        return as_reply(self.id, replies[-1], state, self.notice) if replies else None

    def attach(self, image: Path | str | bytes) -> Attachment:
        """Clean and store an image; it goes with the next message.

        Raises:
            AttachmentError: If it cannot be used as an image.
        """
        cleaned = clean_image(Path(image) if isinstance(image, str) else image)
        attachment = store(cleaned, "", self.id, self._records)
        self._pending.append(attachment)
        return attachment

    def send(self, text: str, images: Sequence[Path | str | bytes] = (), message_id: str | None = None) -> Reply:
        """Answer one message of the patient.

        Args:
            text: The message.
            images: Pictures that come with it: paths or bytes.
            message_id: The caller's id; the same id gets the same reply and changes nothing.

        Raises:
            AttachmentError: If an image cannot be used; the message is then not taken in.
            ConfigurationError: If the interview was begun with content that this session does not have.
            PatientInputError: If the message is no text.
            StorageError: If it could not be saved; what was saved before is still there.
        """
        reply = None
        for event in self.stream(text, images, message_id):
            reply = event.reply or reply
        assert reply is not None  # noqa: S101 - a stream ends with its reply or raises
        return reply

    def stream(
        self, text: str, images: Sequence[Path | str | bytes] = (), message_id: str | None = None
    ) -> Iterator[Event]:
        """Answer one message, with an event for each step; see `send`."""
        with self._turn:
            yield from self._answer(text, images, message_id)

    def _answer(self, text: str, images: Sequence[Path | str | bytes], message_id: str | None) -> Iterator[Event]:
        if not isinstance(text, str):
            raise PatientInputError("A message must be text.")
        self._check_content()
        repeated = reply_to(self.id, message_id, self.values, self.notice) if message_id else None
        if repeated:
            yield Event(kind="reply", reply=repeated)
            return
        for image in images:
            self.attach(image)
        kept = [each.model_dump() for each in self._pending]
        message = HumanMessage(
            storable(text),
            id=message_id or uuid.uuid4().hex,
            additional_kwargs={STORED: kept} if kept else {},
        )
        for update in self._graph.stream(
            {"messages": [message]}, self._config, stream_mode="updates", durability="sync"
        ):
            self._pending.clear()
            yield from (Event(kind="accepted" if node == "receive" else "progress", node=node) for node in update)
        last = self.last_reply
        yield from (Event(kind="text", text=part) for part in (last.text.split("\n\n") if last else ()))
        yield Event(kind="reply", reply=last)

    async def asend(self, text: str, images: Sequence[Path | str | bytes] = (), message_id: str | None = None) -> Reply:
        """`send` without blocking the event loop."""
        return await asyncio.to_thread(self.send, text, images, message_id)

    async def astream(
        self, text: str, images: Sequence[Path | str | bytes] = (), message_id: str | None = None
    ) -> AsyncIterator[Event]:
        """`stream` without blocking the event loop."""
        events = self.stream(text, images, message_id)
        while (event := await asyncio.to_thread(next, events, None)) is not None:
            yield event

    def skip(self) -> Reply:
        """Pass over the open question; it counts as declined."""
        return self.send("skip")

    def why(self) -> str:
        """Why the open question is asked, from the content."""
        self._check_content()
        state = self.values
        ask = open_ask(state)
        if ask is None:
            return self.context.messages.text("why.nothing")
        return slot_as_asked(self.context.content, state["complaints"], ask.slot).why

    def undo(self) -> Reply | None:
        """Take back the last answer and put its question again. Urgency that it raised stays raised.

        Returns:
            The reply, or None when there is nothing to take back.
        """
        self._check_content()
        with self._turn:
            update = undo_update(self._graph.get_state_history(self._config), self.values, self.context)
            if update is None:
                return None
            self._graph.update_state(self._config, update, as_node="ask_follow_up")
            self._graph.invoke(None, self._config, durability="sync")
            return self.last_reply

    def summary(self) -> str:
        """What is known so far, a line for each fact, in the patient's words."""
        self._check_content()
        slots = self.context.content.slots
        lines = [f"- {describe(fact, slots)}" for fact in self.history]
        return "\n".join(dict.fromkeys(lines)) or self.context.messages.text("summary.nothing")

    def report(self) -> Report:
        """The structured, sourced account; marked incomplete while the interview is not over."""
        state = self.values
        if state.get("turns") and not self.done:
            flags = flags_now(state, self.context, closing=True)
            urgency = highest(state["urgency"], *(flag.level for flag in flags))
            state = {**state, "flags": add_flags(state["flags"], flags), "urgency": urgency}
        return build_report(self.id, state, self.context.content, self.context.interviewer.name)

    def _begin_with(self, complaints: Sequence[str]) -> None:
        if unknown := [name for name in complaints if name not in self.context.content.protocols]:
            raise ConfigurationError(f"There is no complaint {unknown[0]!r} in the content.")
        self._graph.update_state(self._config, {"complaints": list(complaints)}, as_node="deliver")

    def _check_content(self) -> None:
        if missing := missing_from(self.context.content, self.values):
            raise ConfigurationError(
                f"This interview was begun with other content, which had {', '.join(missing)}. "
                "Name that content to go on: --content DIR, or content= in Python."
            )

    def _finish_interrupted_turn(self) -> None:
        """A turn that a crash cut off is answered now; the message was saved before anything else."""
        if self._graph.get_state(self._config).tasks and not missing_from(self.context.content, self.values):
            self._graph.invoke(None, self._config, durability="sync")
