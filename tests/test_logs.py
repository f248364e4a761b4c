"""Nothing in the log lets its reader in."""

from __future__ import annotations

import logging

import pytest
import structlog

from ingestio.logs import configure, redact

KEY = "ing_" + "k" * 43
TOKEN = "t" * 43


@pytest.fixture
def configured():
    factory = logging.getLogRecordFactory()
    configure()
    yield
    structlog.reset_defaults()
    logging.setLogRecordFactory(factory)


@pytest.mark.parametrize(
    "text",
    [
        f"cookie ingestio_session={TOKEN}; theme=dark",
        f"{{'headers': {{'cookie': 'a=1; ingestio_session={TOKEN}'}}}}",
        f"(b'cookie', b'ingestio_session={TOKEN}')",
        f'"authorization": "Bearer {KEY}"',
        f"Authorization: Bearer {TOKEN}",
        f"key {KEY} was used",
        "sk_live_" + TOKEN,
        "whsec_" + TOKEN,
        f"postgresql://app:{TOKEN}@db/ingestio",
    ],
)
def test_a_secret_is_blotted_out(text: str) -> None:
    said = redact(text)

    assert TOKEN not in said
    assert KEY not in said
    assert "[redacted]" in said


def test_what_is_no_secret_stays() -> None:
    text = "document 1a3b8f62-1a74-421e-9e87-9118188ba9d4 failed at http://localhost:3000/x?a=b"

    assert redact(text) == text


@pytest.mark.usefixtures("configured")
def test_librarys_and_our_own_lines_are_read_before_they_are_written(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    try:
        raise ValueError(f"event {{'cookie': 'ingestio_session={TOKEN}'}}")  # noqa: TRY301
    except ValueError:
        logging.getLogger("a.library").exception("Failed: %s", f"Bearer {KEY}")
        structlog.get_logger().exception("bug", detail=f"Bearer {KEY}")

    out, err = capsys.readouterr()
    written = caplog.text + err
    assert out == ""
    assert "Failed: " in written
    assert "bug" in written
    assert written.count("ValueError: event") == 2
    assert TOKEN not in written
    assert KEY not in written
