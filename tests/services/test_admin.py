"""What administrators see and do, and that to nobody else any of it exists (Spec 4.5)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from ingestio.domain.accounts import Actor, Role, UserId
from ingestio.domain.batches import BatchStatus
from ingestio.domain.oversight import ACCOUNT_SORTS, MAX_GRANT_PAGES
from ingestio.domain.plans import PlanName
from ingestio.errors import Invalid, NotFound, PaymentsUnavailable
from ingestio.services.admin import PAGE_SIZE, Admin
from tests.factories import (
    AT,
    make_batch,
    make_document,
    make_entry,
    make_period,
    make_user,
)

if TYPE_CHECKING:
    from tests.wiring import House


@pytest.fixture
def admin(house: House) -> Admin:
    return Admin(house.database, house.billing, house.processor(), house.clock)


@pytest.fixture
def boss(house: House) -> Actor:
    return house.user("boss@example.org", is_admin=True)


def emails(admin: Admin, boss: Actor, **query) -> list[str]:
    return [row.email for row in admin.accounts(boss, **query).items]


class TestWalls:
    def test_to_nobody_else_any_of_it_exists(self, admin: Admin, house: House):
        user = house.user()
        for act in (
            lambda: admin.accounts(user),
            lambda: admin.queue(user),
            lambda: admin.ledger(user, user.user_id, 1, 20),
            lambda: admin.audit(user),
            lambda: admin.pause(user, "because"),
            lambda: admin.resume(user),
            lambda: admin.grant_pages(user, user.email, 1_000, "because"),
        ):
            with pytest.raises(NotFound):
                act()

        assert admin.queue(Actor(UserId(uuid4()), "x", Role.ADMIN)).pause.is_paused is False
        assert house.usage.balance(user).limit_pages == 5_000


class TestAccounts:
    def test_a_row_says_plan_pages_work_and_failures(self, admin: Admin, boss: Actor, house: House):
        user = make_user(house.database, email="ada@example.org", plan=PlanName.PLUS)
        period = {"limit_pages": 1_200, "used_pages": 300, "reserved_pages": 50}
        make_period(house.database, user.id, **period)
        counts = {"document_count": 5, "failed_count": 2}
        make_batch(house.database, user.id, status=BatchStatus.PROCESSING, **counts)
        make_batch(house.database, user.id, status=BatchStatus.WAITING_FOR_QUOTA)
        make_batch(house.database, user.id, status=BatchStatus.FAILED, **counts)
        draft = {"status": BatchStatus.PENDING_UPLOAD, "submitted_at": None}
        make_batch(house.database, user.id, **draft)
        (row,) = admin.accounts(boss, q="ada").items

        assert (row.email, row.plan) == ("ada@example.org", PlanName.PLUS)
        assert (row.limit_pages, row.used_pages, row.reserved_pages) == (1_200, 300, 50)
        assert row.left_pages == 850
        assert (row.batches_in_work, row.failures) == (2, 4)

    def test_without_a_period_yet_the_plan_says_the_limit(
        self, admin: Admin, boss: Actor, house: House
    ):
        make_user(house.database, email="new@example.org", plan=PlanName.STARTER)
        (row,) = admin.accounts(boss, q="new@").items

        assert (row.limit_pages, row.left_pages) == (0, 0)

    def test_after_a_downgrade_nothing_is_left_and_never_less(
        self, admin: Admin, boss: Actor, house: House
    ):
        user = make_user(house.database, email="ada@example.org")
        make_period(house.database, user.id, limit_pages=1_000, used_pages=3_000)
        (row,) = admin.accounts(boss, q="ada").items

        assert row.left_pages == 0

    def test_a_period_that_is_over_does_not_count(self, admin: Admin, boss: Actor, house: House):
        user = make_user(house.database, email="ada@example.org")
        over = {"starts_at": AT - timedelta(days=40), "ends_at": AT - timedelta(days=9)}
        make_period(house.database, user.id, used_pages=700, **over)
        (row,) = admin.accounts(boss, q="ada").items

        assert row.used_pages == 0

    @pytest.mark.parametrize(
        ("q", "found"),
        [
            ("ada", ["ada@example.org"]),
            ("ADA@", ["ada@example.org"]),
            ("_da", []),
            ("%", []),
            ("nobody", []),
        ],
    )
    def test_the_search_is_in_the_address_and_takes_no_wildcards(
        self, admin: Admin, boss: Actor, house: House, q: str, found: list[str]
    ):
        make_user(house.database, email="ada@example.org")

        assert emails(admin, boss, q=q) == found

    @pytest.mark.parametrize("sort", ACCOUNT_SORTS)
    def test_every_column_sorts_both_ways(self, admin: Admin, boss: Actor, house: House, sort: str):
        for number, plan in enumerate(PlanName):
            user = make_user(
                house.database,
                email=f"user-{number}@example.org",
                plan=plan,
                created_at=AT + timedelta(days=number),
            )
            make_period(
                house.database,
                user.id,
                limit_pages=1_000 * (number + 1),
                used_pages=number,
                reserved_pages=number,
            )
            for _ in range(number):
                make_batch(house.database, user.id, document_count=1, failed_count=1)
        up = [getattr(row, sort) for row in admin.accounts(boss, "user-", sort).items]
        down = [getattr(row, sort) for row in admin.accounts(boss, "user-", f"-{sort}").items]

        assert up == sorted(up)
        assert down == sorted(down, reverse=True)
        assert len(set(up)) == 3

    @pytest.mark.parametrize("sort", ["", "-", "password_hash", "email; DROP TABLE users"])
    def test_an_unknown_sort_is_by_address(
        self, admin: Admin, boss: Actor, house: House, sort: str
    ):
        for name in ("b", "a", "c"):
            make_user(house.database, email=f"{name}@example.net")

        assert emails(admin, boss, q="example.net", sort=sort) == [
            "a@example.net",
            "b@example.net",
            "c@example.net",
        ]

    def test_pages_hold_every_account_once(self, admin: Admin, boss: Actor, house: House):
        for number in range(PAGE_SIZE + 5):
            make_user(house.database, email=f"u{number:03}@example.net")
        first, second = (admin.accounts(boss, "example.net", page=page) for page in (1, 2))

        assert (first.total, len(first.items), len(second.items)) == (PAGE_SIZE + 5, PAGE_SIZE, 5)
        assert len({row.email for row in (*first.items, *second.items)}) == PAGE_SIZE + 5
        assert admin.accounts(boss, "example.net", page=-3).page == 1


class TestPause:
    def test_a_pause_says_why_until_it_ends_and_both_are_audited(
        self, admin: Admin, boss: Actor, house: House
    ):
        admin.pause(boss, "  moving house ")
        paused = admin.queue(boss).pause
        house.clock.pass_s(1)
        admin.resume(boss)

        assert (paused.is_paused, paused.reason) == (True, "moving house")
        assert admin.queue(boss).pause.is_paused is False
        acts = [(act.actor_id, act.action, act.after) for act in admin.audit(boss)]
        assert acts == [
            (boss.user_id, "processor_resumed", None),
            (boss.user_id, "processor_paused", "moving house"),
        ]

    @pytest.mark.parametrize("reason", ["", "  ", "\n"])
    def test_a_pause_without_a_reason_is_refused(self, admin: Admin, boss: Actor, reason: str):
        with pytest.raises(Invalid):
            admin.pause(boss, reason)
        assert admin.queue(boss).pause.is_paused is False


class TestGrants:
    def test_a_grant_raises_the_limit_of_this_period_and_is_audited(
        self, admin: Admin, boss: Actor, house: House
    ):
        user = house.user()
        house.usage.balance(user)
        admin.grant_pages(boss, " Ada@Example.org ", 250, "for the bug of Monday")
        admin.grant_pages(boss, user.email, 50, "and of Tuesday")

        assert house.usage.balance(user).limit_pages == 5_300
        (row,) = admin.accounts(boss, q="ada").items
        assert row.limit_pages == 5_300
        acts = {(act.action, act.subject, act.before, act.after) for act in admin.audit(boss)}
        assert acts == {
            ("pages_granted", str(user.user_id), "5000", "5250: for the bug of Monday"),
            ("pages_granted", str(user.user_id), "5250", "5300: and of Tuesday"),
        }
        house.check()

    def test_grants_at_once_all_count(self, admin: Admin, boss: Actor, house: House):
        user = house.user()
        house.usage.balance(user)
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda _: admin.grant_pages(boss, user.email, 1, "one"), range(12)))

        (row,) = admin.accounts(boss, q="ada").items
        assert row.limit_pages == 5_012

    def test_a_grant_before_the_first_need_opens_the_period(
        self, admin: Admin, boss: Actor, house: House
    ):
        user = house.user()
        admin.grant_pages(boss, user.email, 10, "welcome")

        assert house.usage.balance(user).limit_pages == 5_010

    def test_a_grant_ends_with_its_period(self, admin: Admin, boss: Actor, house: House):
        user = house.user()
        admin.grant_pages(boss, user.email, 10, "welcome")
        house.clock.at = house.billing.period[1]
        house.billing.period = (house.billing.period[1], house.billing.period[1].replace(month=5))

        assert house.usage.balance(user).limit_pages == 5_000

    def test_what_waited_for_pages_goes_on_after_a_grant(
        self, admin: Admin, boss: Actor, house: House
    ):
        user = house.user()
        house.billing.plans[user.user_id] = PlanName.PLUS
        batch_id = house.submit(user, (900, 200))
        house.work_off()
        before = house.detail(user, batch_id).batch.status
        admin.grant_pages(boss, user.email, 100, "so that it fits")
        house.processor().sweep()
        house.work_off()

        assert before == BatchStatus.WAITING_FOR_QUOTA
        assert house.detail(user, batch_id).batch.status == BatchStatus.COMPLETED
        assert house.usage.balance(user).left_pages == 0

    def test_a_grant_shows_at_once_and_needs_no_sweep(
        self, admin: Admin, boss: Actor, house: House
    ):
        user = house.user()
        house.billing.plans[user.user_id] = PlanName.PLUS
        batch_id = house.submit(user, (900, 200))
        house.work_off()
        house.feed.published.clear()
        admin.grant_pages(boss, user.email, 100, "so that it fits")

        assert house.statuses(user, batch_id).count("uploaded") == 1
        assert house.feed.published == [(user.user_id, None), (user.user_id, batch_id)]

    def test_a_grant_is_given_also_where_nothing_can_go_on_now(
        self, admin: Admin, boss: Actor, house: House, monkeypatch: pytest.MonkeyPatch
    ):
        user = house.user()
        usage = admin.processor.waiting.usage
        monkeypatch.setattr(type(usage), "balance_of", lambda *_: 1 // 0)
        admin.grant_pages(boss, user.email, 100, "anyway")

        assert admin.accounts(boss, q="ada").items[0].limit_pages == 5_100

    def test_pause_and_resume_show_on_every_open_page_at_once(
        self, admin: Admin, boss: Actor, house: House
    ):
        for act in (lambda: admin.pause(boss, "a look"), lambda: admin.resume(boss)):
            house.feed.published.clear()
            act()
            assert house.feed.published == [(None, None)]

    @pytest.mark.parametrize("pages", [0, -1, MAX_GRANT_PAGES + 1])
    def test_pages_that_can_t_be_given_are_refused(
        self, admin: Admin, boss: Actor, house: House, pages: int
    ):
        user = house.user()
        with pytest.raises(Invalid):
            admin.grant_pages(boss, user.email, pages, "why not")
        assert house.usage.balance(user).limit_pages == 5_000

    def test_a_grant_needs_a_reason_and_an_account(self, admin: Admin, boss: Actor, house: House):
        user = house.user()
        with pytest.raises(Invalid):
            admin.grant_pages(boss, user.email, 1, " ")
        with pytest.raises(NotFound):
            admin.grant_pages(boss, "nobody@example.org", 1, "why not")
        with pytest.raises(NotFound):
            admin.grant_pages(boss, "no address", 1, "why not")

    def test_a_grant_for_a_period_that_nobody_knows_is_not_given(
        self, admin: Admin, boss: Actor, house: House
    ):
        user = house.user()
        house.billing.error = PaymentsUnavailable("away")
        with pytest.raises(PaymentsUnavailable):
            admin.grant_pages(boss, user.email, 1, "why not")
        assert admin.audit(boss) == []

    def test_one_account_s_ledger_is_shown(self, admin: Admin, boss: Actor, house: House):
        user, other = house.user(), house.user("other@example.org")
        for owner in (user, other):
            make_entry(house.database, make_document(house.database, owner.user_id, page_count=7))
        lines, total = admin.ledger(boss, user.user_id, 1, 20)

        assert ([line.pages for line in lines], total) == ([7], 1)
