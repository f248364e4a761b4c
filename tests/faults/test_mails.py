"""Mails that a crash may not lose, and a mail server that may not hold anything else up."""

from __future__ import annotations

import signal
import socket
import time
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller

from ingestio.adapters.smtp_mail import SmtpMailer
from ingestio.domain.mails import LEASE
from ingestio.services.processor import GRACE_S, Processor
from ingestio.services.rounds import Rounds
from tests.adapters.test_smtp_mail import Box, free_port
from tests.faults.living import as_kind, eventually
from tests.faults.post import Round
from tests.wiring import House, build

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from ingestio.db.engine import Database

pytestmark = pytest.mark.long
TIMES = 5


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return build(database, tmp_path)


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def smtp(box: Box) -> Generator[str]:
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}?from=ingestio@example.org"
    controller.stop()


@pytest.mark.parametrize(
    "kill",
    [("committed", 1), ("mail-sent", 2), ("commit:2", 2)],
    ids=["claimed, not sent", "sent, not marked", "marking it"],
)
def test_a_sender_killed_at_any_moment_loses_no_mail_and_repeats_it_under_its_name(
    house: House,
    box: Box,
    smtp: str,
    figure: Callable[..., None],
    kill: tuple[str, int],
):
    """`kill`: where it dies, and how often its mail goes out because of it."""
    place, copies = kill
    ada = house.user()
    url = str(house.database.engine.url)
    for at in range(TIMES):
        house.submit(ada, name=f"number {at}")
        house.work_off()
        assert house.notifications.ring() == 1
        later_s = at * 2 * (LEASE.total_seconds() + 1)
        assert Round(url, smtp, place, later_s).go() == -signal.SIGKILL
        assert Round(url, smtp, later_s=later_s + 1).go() == 0, "somebody has it: nothing to do"
        assert len(box.took) == at * copies + copies - 1
        assert Round(url, smtp, later_s=later_s + LEASE.total_seconds() + 1).go() == 0
        assert len(box.took) == (at + 1) * copies

    names = {mail["Message-ID"] for mail in box.took}
    assert len(names) == TIMES, "a mail client sees each once"
    assert len(house.notifications.unread(ada)) == TIMES
    assert house.notifications.mail_health().waiting == 0
    figure("mail", f"killed at {place}", kills=TIMES, lost=0, copies_of_a_mail=copies, bells=TIMES)


@pytest.fixture
def black_hole() -> Generator[str]:
    """Takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"


def with_post(house: House, smtp: str) -> Processor:
    """A processor whose mails go to this server, in their own thread."""
    mailer = SmtpMailer(smtp, timeout_s=60)
    object.__setattr__(house.notifications, "mailer", mailer)
    made = house.processor()
    object.__setattr__(made, "postman", Rounds("postman"))
    return as_kind(Processor, made)


def test_a_mail_server_that_hangs_delays_no_claim_and_no_bell(
    house: House, black_hole: str, figure: Callable[..., None]
):
    ada = house.user()
    processor = with_post(house, black_hole)
    house.submit(ada)
    assert processor.run_once() == 1
    assert processor.crew.drain(10)
    processor.run_once()
    assert house.notifications.mail_health().waiting == 1
    slowest_s = 0.0
    for _ in range(10):
        house.submit(ada)
        begun_s = time.monotonic()
        assert processor.run_once() == 1
        slowest_s = max(slowest_s, time.monotonic() - begun_s)
        assert processor.crew.drain(10)
    processor.sweep()
    assert len(house.notifications.unread(ada)) == 11
    figure("mail", "a server that hangs", slowest_sweep_s=round(slowest_s, 3), claims_delayed=0)
    assert slowest_s < 2


def test_stopping_gives_a_mail_that_hangs_a_moment_and_leaves_it_to_its_lease(
    house: House, black_hole: str, figure: Callable[..., None]
):
    processor = with_post(house, black_hole)
    house.submit(house.user())
    processor.run_once()
    assert processor.crew.drain(10)
    processor.sweep()
    assert eventually(lambda: processor.postman is not None and not processor.postman.wait(0), 5)
    begun_s = time.monotonic()

    processor.stop()

    took_s = time.monotonic() - begun_s
    figure("26", "stopped with a mail on its way", took_s=round(took_s, 2))
    assert took_s < GRACE_S + 2
    assert house.notifications.mail_health().waiting == 1


def test_stopping_lets_a_mail_that_goes_through_be_marked(house: House, box: Box, smtp: str):
    processor = with_post(house, smtp)
    house.submit(house.user())
    processor.run_once()
    assert processor.crew.drain(10)
    processor.sweep()

    processor.stop()

    assert len(box.took) == 1
    assert house.notifications.mail_health().waiting == 0
