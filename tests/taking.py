"""Intake wired as `bootstrap` does: real files, real page counter, stand-ins for plans and feed."""

from __future__ import annotations

import io
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
from PIL import Image

from ingestio.adapters.counting import CountLimits
from ingestio.adapters.no_scanner import NoScanner
from ingestio.adapters.object_files import ObjectFiles
from ingestio.adapters.page_counter import HelperPageCounter
from ingestio.db import staged_files
from ingestio.domain.accounts import Actor, UserId
from ingestio.services.inspection import Inspection
from ingestio.services.intake import Intake
from ingestio.services.spool import Spool
from tests.factories import make_user
from tests.fakes import RememberingFeed, SetBilling, SetClock

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from uuid import UUID

    from ingestio.db.engine import Database
    from ingestio.db.staged_files import StoredFile
    from ingestio.ports import VirusScanner

SAMPLES = Path(__file__).parent / "samples"


@cache
def page_counter() -> HelperPageCounter:
    """One for the whole run: its fork server takes half a second to warm up."""
    scratch = Path(tempfile.mkdtemp(prefix="ingestio-scratch-"))
    return HelperPageCounter(CountLimits(1_000, 40_000_000, 20_000, scratch))


@dataclass
class Desk:
    """Intake and what stands around it."""

    intake: Intake
    database: Database
    files: ObjectFiles
    spool: Spool
    spool_folder: Path
    billing: SetBilling
    feed: RememberingFeed
    clock: SetClock

    def actor(self) -> Actor:
        row = make_user(self.database)
        return Actor(UserId(row.id), row.email)

    def send(self, actor: Actor, data: bytes, name: str = "a.pdf", draft: UUID | None = None):
        """A whole file by the way that bytes take; what became of it."""
        begun = self.intake.begin(actor, name, len(data), draft)
        with self.intake.append(actor, begun.id, 0) as sink:
            sink.write(data)
        return self.intake.finish(actor, begun.id)

    def rows(self, actor: Actor) -> list[StoredFile]:
        """Everything of theirs that is staged, as intake sees it."""
        with self.database.read(actor.user_id) as session:
            drafts = self.intake.all_drafts(actor)
            return [f for d in drafts for f in staged_files.of_draft(session, actor.user_id, d.id)]

    def stored_file(self, actor: Actor, file_id: UUID) -> AbstractContextManager[Path]:
        """The bytes that were kept of a staged file."""
        with self.database.read(actor.user_id) as session:
            row = staged_files.find(session, actor.user_id, file_id)
        return self.files.as_file(row.storage_key)

    def stored(self) -> list[str]:
        return list(self.files.keys("batches/"))

    def touch(self, *paths: Path) -> None:
        """A byte comes now, by the clock of the test."""
        now_s = self.clock.now().timestamp()
        for path in paths:
            os.utime(path, (now_s, now_s))

    def pass_hours(self, hours: float) -> None:
        """Time goes by in which nobody sends a byte."""
        self.touch(*self.spooled())
        self.clock.pass_s(hours * 3_600)

    def spooled(self) -> list[Path]:
        return sorted(self.spool_folder.glob("*"))


def build(
    database: Database, folder: Path, clock: SetClock, scanner: VirusScanner | None = None
) -> Desk:
    files, feed, billing = ObjectFiles(folder / "files"), RememberingFeed(), SetBilling()
    spool = Spool(folder / "spool")
    inspection = Inspection(
        database, files, page_counter(), scanner or NoScanner(), feed, clock, spool
    )
    intake = Intake(database, files, billing, feed, clock, spool, inspection)
    return Desk(intake, database, files, spool, folder / "spool", billing, feed, clock)


def pdf(pages: int = 1, mark: str = "") -> bytes:
    """A small PDF; another mark makes other content."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(200, 200))
    made.docinfo["/Title"] = mark
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()
