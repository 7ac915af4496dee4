"""LangGraph's savers as this project uses them: they read back its own values only, and fail in plain words."""

import inspect
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver

from symptom_intake.agent import history
from symptom_intake.agent.errors import StorageError
from symptom_intake.agent.history import Value
from symptom_intake.agent.interview.protocol import Narrative, Reading
from symptom_intake.prompts.levels import Urgency
from symptom_intake.tools.sqlite import connect, plain_errors, scrub

APPLICATION_ID = 0x53594D43
"""Marks a file of checkpoints in its header ("SYMC")."""

CHECKPOINT_TYPES: tuple[type[Value] | type[Enum], ...] = (
    *(
        each
        for each in vars(history).values()
        if inspect.isclass(each) and each.__module__ == history.__name__ and issubclass(each, (Value, Enum))
    ),
    Narrative,
    Reading,
    Urgency,
)
"""The classes of ours that a checkpoint may hold; LangGraph's own messages and plain values come on top."""

_FORMATS = frozenset({"null", "bytes", "bytearray", "msgpack"})


class StrictSerializer(JsonPlusSerializer):
    """Reads back `CHECKPOINT_TYPES` and what LangGraph counts as safe; anything else stays plain data."""

    def __init__(self) -> None:
        """Allow what this project keeps."""
        super().__init__(allowed_msgpack_modules=CHECKPOINT_TYPES)

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """Read a stored value; a format that this project never writes is refused.

        Raises:
            StorageError: If the value is damaged or in another format.
        """
        if data[0] not in _FORMATS:
            raise StorageError("The database holds a value that this program did not write.")
        try:
            return super().loads_typed(data)
        except ValueError as error:
            raise StorageError("The database holds a damaged value.") from error


class FileSaver(SqliteSaver):
    """Checkpoints in one SQLite file."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            StorageError: If it cannot be used, is damaged, or belongs to another program.
        """
        self.path = path
        super().__init__(connect(path, APPLICATION_ID), serde=StrictSerializer())
        try:
            with plain_errors(path):
                self.setup()
        except BaseException:
            self.conn.close()
            raise

    @contextmanager
    def cursor(self, transaction: bool = True) -> Iterator[sqlite3.Cursor]:
        """A cursor whose faults are a StorageError, and whose failed write leaves nothing half done behind."""
        with plain_errors(self.path), super().cursor(transaction) as cursor:
            try:
                yield cursor
            except sqlite3.Error:
                self.conn.rollback()
                raise

    def erase(self, thread_id: str) -> int:
        """Remove a thread, and every trace of it from the file; returns how many rows that were."""
        before = self.conn.total_changes
        self.delete_thread(thread_id)
        rows = self.conn.total_changes - before
        with self.lock:
            scrub(self.conn, self.path)
        return rows


def memory_saver() -> InMemorySaver:
    """Checkpoints that end with the process."""
    return InMemorySaver(serde=StrictSerializer())
