"""One document that kills or fills its reader, among ninety-nine that are well (row 17).

The readers are real: helper processes that read real samples. What the poison does there is what a
broken library does: abort, be killed for memory, or ask for more of it than there is.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingestio.adapters.local_engine import LocalEngine
from ingestio.domain.batches import BatchStatus
from ingestio.domain.documents import DocumentKind, DocumentStatus, MediaType
from ingestio.domain.wording import WORDING
from ingestio.ports import SourceDocument
from tests.fakes import MemoryFiles
from tests.faults.living import all_ended, eventually, in_status, living

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from ingestio.db.engine import Database
    from tests.wiring import House

pytestmark = [pytest.mark.long, pytest.mark.timeout(200)]
SAMPLE = Path(__file__).parents[1] / "samples" / "invoice-en.pdf"
DOCUMENTS = 100
POISONED = 17


def abort() -> None:
    """As a C library does where it finds itself in a state that can't be."""
    os.abort()


def be_killed() -> None:
    """As the kernel does to whom it chooses when memory ends."""
    os.kill(os.getpid(), signal.SIGKILL)


def eat_memory() -> int:
    """A page that unfolds to more than a helper may hold."""
    return len(bytearray(6 * 1024**3))


class PoisonedEngine(LocalEngine):
    """The local engine; for some contents its helper does something else."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self.poison: dict[str, Callable[[], object]] = {}
        self.deaths = 0

    def extract(self, document, prompt, kind):
        if deed := self.poison.get(document.sha256):
            self.deaths += 1
            self.text_helpers.call(20, deed)
        return super().extract(document, prompt, kind)


class Samples(MemoryFiles):
    """Storage where every file is the same sample."""

    @contextmanager
    def as_file(self, key: str) -> Generator[Path]:
        del key
        yield SAMPLE


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Generator[PoisonedEngine]:
    made = PoisonedEngine(tmp_path_factory.mktemp("readers"))
    made.start()
    warm = SourceDocument(SAMPLE, MediaType.PDF, 1, "0" * 64)
    for _ in range(4):
        made.extract(warm, None, DocumentKind.INVOICE)
    yield made
    made.stop()


@pytest.fixture
def house(database: Database, tmp_path: Path, engine: PoisonedEngine) -> House:
    made = living(database, tmp_path)
    engine.deaths, engine.poison = 0, {}
    made.extraction = replace(
        made.extraction, storage=Samples(), classifier=engine, extractor=engine
    )
    return made


def run(house: House, engine: PoisonedEngine, deed: Callable[[], object] | None):
    """A batch with the poison in it, or without; it, and when the well ones were through."""
    ada = house.user(f"{house.new_id().hex}@example.org")
    house.usage.balance(ada)
    batch_id = house.submit(ada, [1] * DOCUMENTS)
    if deed:
        engine.poison[f"{batch_id.hex[:24]}{POISONED:08}"] = deed
    well, done = DOCUMENTS - bool(deed), in_status(house, DocumentStatus.COMPLETED)
    processor = house.processor(size=4)
    began_s = time.monotonic()
    processor.run_once()

    def are_through() -> bool:
        return in_status(house, DocumentStatus.COMPLETED) - done == well

    def has_ended() -> bool:
        processor.run_once()  # the scheduler's sweep: what was put back is due again
        return all_ended(house, ada, [batch_id])

    try:
        assert eventually(are_through, 60)
        well_s = time.monotonic() - began_s
        assert eventually(has_ended, 60)
    finally:
        processor.stop(10)
    return house.detail(ada, batch_id), well_s


@pytest.mark.parametrize(
    ("deed", "comes"),
    [
        (abort, ("reader_stopped", 3)),
        pytest.param(be_killed, ("reader_stopped", 3), marks=pytest.mark.proof),
        pytest.param(eat_memory, ("too_big_inside", 1), marks=pytest.mark.proof),
    ],
)
def test_one_poison_among_ninety_nine_fails_alone_and_holds_up_nobody(
    house: House,
    engine: PoisonedEngine,
    figure: Callable[..., None],
    deed: Callable[[], object],
    comes: tuple[str, int],
):
    without_s = run(house, engine, None)[1]
    detail, with_s = run(house, engine, deed)
    counts = detail.batch.counts
    poisoned = detail.documents[POISONED]
    ratio = with_s / without_s
    figure(
        "17",
        f"poison that does {deed.__name__}",
        completed=counts.completed,
        failed=counts.failed,
        attempts=engine.deaths,
        code=poisoned.error_code,
        others_s=round(with_s, 2),
        without_s=round(without_s, 2),
        time_of_the_others_ratio=round(ratio, 2),
    )
    assert detail.batch.status is BatchStatus.PARTIALLY_COMPLETED
    assert (counts.completed, counts.failed) == (DOCUMENTS - 1, 1)
    assert poisoned.error_code in WORDING
    assert (poisoned.error_code, engine.deaths) == comes
    assert detail.pages_charged == DOCUMENTS - 1
    assert ratio < 2
