"""One page of a long list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items of `total`; `page` counts from 1."""

    items: tuple[T, ...]
    total: int
    page: int
    page_size: int
