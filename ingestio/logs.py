"""What is written to the log: one line an event on standard error, ids and never content.

Answers with cookies, keys and passwords blotted out, in our own lines and in every library's,
tracebacks too. Leaves what is logged to whoever logs.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any, Final

import structlog

BLOT: Final = "[redacted]"
SECRETS: Final = (
    (re.compile(r"(ingestio_session=)[^;\s'\"]+"), rf"\1{BLOT}"),
    (re.compile(r"(?i)((['\"])(?:set-)?(?:cookie|authorization)\2\s*[:,]\s*b?)(['\"]).*?\3"),
     rf"\1\3{BLOT}\3"),
    (re.compile(r"(?i)(bearer\s+)[\w.~+/=-]{8,}"), rf"\1{BLOT}"),
    (re.compile(r"\b(ing_|sk-|sk_live_|sk_test_|rk_live_|whsec_)[\w-]{12,}"), rf"\1{BLOT}"),
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+@"), rf"\1{BLOT}@"),
)  # fmt: skip
_plain_record = logging.getLogRecordFactory()


def redact(text: str) -> str:
    """A text without what would let its reader in."""
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


def configure() -> None:
    """Send our log to standard error, and read every library's before it is written."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,  # plain: the rich one prints local variables
            _redact_event,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.setLogRecordFactory(_redacted_record)


def _redact_event(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}


def _redacted_record(*args: Any, **kwargs: Any) -> logging.LogRecord:  # noqa: ANN401 (the factory's)
    record = _plain_record(*args, **kwargs)
    try:
        record.msg, record.args = redact(record.getMessage()), ()
    except (TypeError, ValueError):
        return record  # wrong arguments: logging itself says so
    if record.exc_info:
        record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
    return record
