"""A page of a list, the same everywhere: items, total, page, page_size (Spec 9.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Generic, TypeVar

from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingestio.domain.pages import Page

T = TypeVar("T")
S = TypeVar("S")
PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]
PageSize = Annotated[int, Field(ge=1, le=1_000)]


class Listed(BaseModel, Generic[S]):
    """Some items of `total`."""

    items: list[S]
    total: int
    page: int
    page_size: int


def listed(page: Page[T], shown: Callable[[T], S]) -> Listed[S]:
    """A page with each item in the API's words."""
    return Listed(
        items=[shown(item) for item in page.items],
        total=page.total,
        page=page.page,
        page_size=page.page_size,
    )
