"""Forty hostile names (security: names and paths): shown without harm, stored inside the root."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from uuid import uuid4

import pytest

from ingestio.domain.documents import MediaType
from ingestio.domain.drafts import display_name, judge_name, slug, storage_key

RESERVED = ("CON", "PRN", "AUX", "NUL", "COM1", "LPT9")
NAMES = (
    "../../etc/passwd.pdf",
    "..\\..\\windows\\system32\\a.pdf",
    "/etc/shadow.pdf",
    "C:\\a.pdf",
    "//server/share/a.pdf",
    "....//a.pdf",
    "a/../../b.pdf",
    "%2e%2e%2fa.pdf",
    "..%c0%afa.pdf",
    "~/a.pdf",
    "-rf.pdf",
    "--help.pdf",
    ".pdf.pdf",
    ".htaccess.pdf",
    "a\x00.exe.pdf",
    "a.pdf\x00.pdf",
    "a\r\nSet-Cookie: x=1.pdf",
    "a\nb.pdf",
    "a\tb.pdf",
    "a\x1b[31m.pdf",
    "a\x7f.pdf",
    "a\x85b.pdf",
    "a\u2028b.pdf",
    "a\u2029b.pdf",
    "\u202egpj.pdf",
    "a\u200b\u200db.pdf",
    "\ufeffa.pdf",
    "a\u2066b\u2069.pdf",
    "a\ud800.pdf",
    "e\u0301.pdf",
    "\uff0e\uff0e\uff0fa.pdf",
    "<script>alert(1)</script>.pdf",
    '"; rm -rf /; ".pdf',
    "$(reboot).pdf",
    "`reboot`.pdf",
    "a;b|c&d.pdf",
    "=cmd|' /C calc'!A0.pdf",
    "a" * 300 + ".pdf",
    "\u00e4" * 255 + ".pdf",
    "\U0001f600" * 200 + ".pdf",
    "   .pdf",
    "\u0000\u202e\r\n.pdf",
    *(f"{name}.pdf" for name in RESERVED),
)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_hostile_name_is_shown_and_stored_without_harm(name) -> None:
    shown = display_name(name)
    key = storage_key(uuid4(), uuid4(), uuid4(), shown)

    assert 0 < len(shown) <= 200
    assert not set(shown) & set("/\\")
    kinds = {unicodedata.category(c) for c in shown}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert unicodedata.is_normalized("NFC", shown)
    assert shown.encode()
    assert re.fullmatch(r"batches/[0-9a-f-]{36}/[0-9a-f-]{36}/[0-9a-f-]{36}-[A-Za-z0-9._-]+", key)
    assert len(slug(shown)) <= 80
    assert ".." not in PurePosixPath(key).parts
    assert len(PurePosixPath(key).name.encode()) <= 255
    assert judge_name(shown) is MediaType.PDF


def test_there_are_forty_and_more() -> None:
    assert len(set(NAMES)) >= 40
