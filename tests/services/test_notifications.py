"""One notification for each batch and round, in the app and by mail (Spec 6.7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

from ingestio.db import notifications
from ingestio.db.engine import SYSTEM
from ingestio.domain.mails import LEASE, MAX_TRIES, wait_after
from ingestio.errors import Refused, StoreUnavailable, Unavailable, Unreadable

if TYPE_CHECKING:
    from ingestio.domain.accounts import Actor
    from ingestio.domain.batches import BatchId
    from tests.wiring import House

AWAY = Unavailable("The mail server does not answer.")


def ended(house: House, actor: Actor, name: str | None = None) -> BatchId:
    """A batch that has ended, with its bell rung: its mail is due."""
    batch_id = house.submit(actor, name=name)
    house.work_off()
    assert house.notifications.ring() == 1
    return batch_id


def test_an_ended_batch_is_told_once_with_counts_and_a_link(house: House):
    ada = house.user()
    house.engine.failures = [Unreadable("Damaged.")]
    batch_id = house.submit(ada, [1, 1, 1], name="March")
    house.work_off(2)
    assert house.notifications.ring() == 0
    house.work_off()
    assert house.notifications.ring() == 1
    assert house.notifications.send_mails() == 1
    assert house.notifications.ring() == house.notifications.send_mails() == 0
    (told,) = house.notifications.unread(ada)
    assert told.title == "March is partly completed"
    assert told.body == "3 documents: 2 completed, 1 failed."
    assert told.href == f"/dashboard/batches/{batch_id}"
    ((to, subject, text),) = house.mailer.sent
    assert (to, subject) == (ada.email, told.title)
    assert f"http://localhost:3000/dashboard/batches/{batch_id}" in text


def test_pages_that_are_open_show_the_bell_at_once(house: House):
    ada = house.user()
    batch_id = house.submit(ada)
    house.work_off()
    house.feed.published.clear()
    house.notifications.ring()
    assert house.feed.published == [(ada.user_id, batch_id)]


def test_each_round_has_its_own(house: House):
    ada = house.user()
    house.engine.failures = [Unreadable("Damaged.")]
    batch_id = ended(house, ada)
    house.batches.retry_failed(ada, batch_id)
    house.work_off()
    assert house.notifications.ring() == 1
    assert house.notifications.send_mails() == 2
    titles = [one.title for one in house.notifications.unread(ada)]
    assert sorted(title.split(" ", 2)[2] for title in titles) == ["failed", "is completed"]
    assert len(set(house.mailer.references)) == 2
    assert {subject for _, subject, _ in house.mailer.sent} == set(titles), "each of its own round"


def test_two_processors_tell_it_once(house: House):
    ada = house.user()
    house.submit(ada)
    house.work_off()
    other = replace(house.notifications)
    assert house.notifications.ring() + other.ring() == 1
    assert house.notifications.send_mails() + other.send_mails() == 1
    assert len(house.notifications.unread(ada)) == 1
    assert len(house.mailer.sent) == 1


def test_the_database_refuses_a_second_bell_for_a_round(house: House):
    ada = house.user()
    house.submit(ada)
    house.work_off()
    with house.database.read(SYSTEM) as session:
        (line,) = notifications.untold(session, 10)
    house.notifications.ring()
    with pytest.raises(IntegrityError):
        house.database.write(
            SYSTEM,
            lambda session: notifications.add(
                session, line, house.clock.now(), title="Again", body="", href=""
            ),
        )


def test_a_mail_server_that_is_away_is_asked_again_later_and_ever_later(house: House):
    ended(house, house.user())
    house.mailer.error = AWAY
    assert house.notifications.send_mails() == 0
    house.mailer.error = None
    assert house.notifications.send_mails() == 0, "not before its time"
    house.clock.pass_s(31)
    assert house.notifications.send_mails() == 1
    assert len(house.mailer.sent) == 1


def test_tries_are_further_and_further_apart_and_last_a_day():
    waits = [wait_after(tries) for tries in range(1, MAX_TRIES)]
    assert waits[:3] == [timedelta(seconds=s) for s in (30, 60, 120)]
    assert sum((one for one in waits if one), timedelta()) >= timedelta(hours=20)
    assert None not in waits
    assert wait_after(MAX_TRIES) is None


def test_after_its_last_try_a_mail_is_given_up_and_administrators_see_why(house: House):
    ended(house, house.user())
    house.mailer.error = AWAY
    for _ in range(MAX_TRIES):
        health = house.notifications.mail_health()
        assert (health.waiting, health.given_up) == (1, 0)
        house.notifications.send_mails()
        house.clock.pass_s(7_201)
    health = house.notifications.mail_health()
    assert (health.waiting, health.failing, health.given_up) == (0, 0, 1)
    assert health.reason == AWAY.message
    house.mailer.error = None
    assert house.notifications.send_mails() == 0


def test_a_mail_that_will_never_be_taken_is_given_up_at_once(house: House):
    ended(house, house.user())
    house.mailer.error = Refused("550 no such user")
    house.notifications.send_mails()
    health = house.notifications.mail_health()
    assert (health.waiting, health.given_up, health.reason) == (0, 1, "550 no such user")


def test_an_error_nobody_thought_of_is_about_one_mail_alone(house: House):
    ended(house, house.user())
    house.mailer.error = ValueError("odd")
    assert house.notifications.send_mails() == 0
    health = house.notifications.mail_health()
    assert (health.failing, health.reason) == (1, "ValueError: odd")


def test_mails_that_fail_hold_up_neither_bells_nor_other_mails(house: House):
    ada = house.user()
    for _ in range(60):
        ended(house, ada)
        house.limiter.hits.clear()
    house.mailer.error = AWAY
    house.notifications.send_mails()
    house.mailer.error = None
    house.clock.pass_s(1)
    ended(house, ada, "The latest")
    assert house.notifications.send_mails() == 1
    assert house.mailer.sent[0][1] == "The latest is completed"


def test_a_mail_whose_sender_died_goes_out_after_its_lease_under_the_same_name(house: House):
    ended(house, house.user())
    send = house.mailer.send

    class Died(BaseException):
        pass

    def send_and_die(mail) -> None:
        send(mail)
        raise Died

    house.mailer.send = send_and_die
    with pytest.raises(Died):
        house.notifications.send_mails()
    house.mailer.send = send
    assert house.notifications.send_mails() == 0, "somebody has it"
    house.clock.pass_s(LEASE.total_seconds() + 1)
    assert house.notifications.send_mails() == 1
    first, second = house.mailer.references
    assert first == second


def test_a_sender_who_comes_late_changes_nothing_but_that_it_was_sent(house: House):
    ended(house, house.user())
    late = house.notifications._claim_mail()
    house.clock.pass_s(LEASE.total_seconds() + 1)
    now_ours = house.notifications._claim_mail()
    assert late is not None
    assert now_ours is not None
    house.notifications._try_again(late, AWAY)
    house.notifications._give_up(late, AWAY)
    health = house.notifications.mail_health()
    assert (health.waiting, health.failing, health.given_up) == (1, 0, 0)


def test_a_mail_that_can_t_be_marked_is_sent_again_rather_than_lost(house: House):
    ended(house, house.user())
    broken = replace(house.notifications, database=Forgetting(house.database))
    with pytest.raises(StoreUnavailable):
        broken.send_mails()
    house.clock.pass_s(LEASE.total_seconds() + 1)
    assert house.notifications.send_mails() == 1
    assert len(set(house.mailer.references)) == 1
    assert len(house.mailer.sent) == 2


class Forgetting:
    """A database that goes away once a mail was claimed."""

    def __init__(self, database) -> None:
        self._database = database
        self._writes = 0

    def __getattr__(self, name: str):
        return getattr(self._database, name)

    def write(self, who, work):
        self._writes += 1
        if self._writes > 1:
            raise StoreUnavailable("Away.")
        return self._database.write(who, work)


def test_without_a_mailer_there_is_the_bell_alone(house: House):
    ada = house.user()
    house.submit(ada)
    house.work_off()
    quiet = replace(house.notifications, mailer=None)
    assert quiet.ring() == 1
    assert quiet.send_mails() == 0
    assert quiet.mail_health().waiting == 0
    assert len(house.notifications.unread(ada)) == 1


def test_deleting_a_batch_takes_back_its_mail(house: House):
    ada = house.user()
    house.batches.delete(ada, ended(house, ada))
    assert house.notifications.send_mails() == 0


def test_reading_is_for_oneself(house: House):
    ada, bob = house.user(), house.user("bob@example.org")
    for actor in (ada, bob):
        house.submit(actor)
    house.work_off()
    house.notifications.ring()
    house.notifications.mark_read(ada)
    assert house.notifications.unread(ada) == []
    assert len(house.notifications.unread(bob)) == 1
