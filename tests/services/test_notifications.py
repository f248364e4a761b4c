"""One notification for each batch and round, in the app and by mail (Spec 6.7)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ingestio.errors import Unavailable, Unreadable

if TYPE_CHECKING:
    from tests.wiring import House


def test_an_ended_batch_is_told_once_with_counts_and_a_link(house: House):
    ada = house.user()
    house.engine.failures = [Unreadable("Damaged.")]
    batch_id = house.submit(ada, [1, 1, 1], name="March")
    house.work_off(2)
    assert house.notifications.deliver() == 0
    house.work_off()
    assert house.notifications.deliver() == 1
    assert house.notifications.deliver() == 1, "the mail"
    assert house.notifications.deliver() == 0
    (told,) = house.notifications.unread(ada)
    assert told.title == "March is partly completed"
    assert told.body == "3 documents: 2 completed, 1 failed."
    assert told.href == f"/dashboard/batches/{batch_id}"
    ((to, subject, text),) = house.mailer.sent
    assert (to, subject) == (ada.email, told.title)
    assert f"http://localhost:3000/dashboard/batches/{batch_id}" in text


def test_two_processors_tell_it_once(house: House):
    ada = house.user()
    house.submit(ada)
    house.work_off()
    other = replace(house.notifications)
    assert house.notifications.deliver() + other.deliver() == 2
    assert len(house.notifications.unread(ada)) == 1
    assert len(house.mailer.sent) == 1


def test_a_mail_server_that_is_away_is_tried_again(house: House):
    ada = house.user()
    house.submit(ada)
    house.work_off()
    house.mailer.error = Unavailable("Away.")
    assert house.notifications.deliver() == 1
    assert house.notifications.deliver() == 0
    house.mailer.error = None
    assert house.notifications.deliver() == 1
    assert len(house.mailer.sent) == 1


def test_without_a_mailer_there_is_the_bell_alone(house: House):
    ada = house.user()
    house.submit(ada)
    house.work_off()
    quiet = replace(house.notifications, mailer=None)
    assert quiet.deliver() == 1
    assert quiet.deliver() == 0
    assert len(house.notifications.unread(ada)) == 1


def test_reading_is_for_oneself(house: House):
    ada, bob = house.user(), house.user("bob@example.org")
    for actor in (ada, bob):
        house.submit(actor)
    house.work_off()
    house.notifications.deliver()
    house.notifications.mark_read(ada)
    assert house.notifications.unread(ada) == []
    assert len(house.notifications.unread(bob)) == 1
