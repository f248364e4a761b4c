"""What is committed: nothing of one machine, no secret, no registry's address, nothing huge."""

from __future__ import annotations

import re

import pytest

from tests.house.source import ROOT, tracked

TEXT = {".py", ".md", ".toml", ".txt", ".in", ".cfg", ".ini", ".js", ".css", ".json", ".lock", ""}
LARGEST_BYTES = 1_048_576
# Spelt apart, so that this file is not found by its own search.
REGISTRIES = re.compile(
    "|".join(
        ("pypi" + r"\.org", "pythonhosted" + r"\.org", r"npmjs" + r"\.(org|com)", "npm" + "mirror")
    )
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.])(/" + r"home/\w+|/" + r"root/|/" + r"work/\w+|/" + r"Users/\w+)"
)
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE " + r"KEY|\bsk_live_\w{10}|\bAKIA[0-9A-Z]{16}\b|\bghp_\w{30}"
)
TEXTS = [path for path in tracked() if path.suffix in TEXT]


@pytest.mark.parametrize(
    ("what", "pattern"),
    [("registry", REGISTRIES), ("machine's path", MACHINE_PATHS), ("secret", SECRETS)],
)
def test_no_committed_file_names_a(what: str, pattern: re.Pattern[str]) -> None:
    found = {
        str(path): hit.group()
        for path in TEXTS
        if (hit := pattern.search((ROOT / path).read_text(encoding="utf-8", errors="replace")))
    }

    assert found == {}, what


def test_no_committed_file_is_huge() -> None:
    huge = [str(p) for p in tracked() if (ROOT / p).stat().st_size > LARGEST_BYTES]

    assert huge == []


def test_ci_runs_the_readmes_own_command() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text()


def test_every_pin_carries_a_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        pins = re.split(r"\n(?=\S)", (ROOT / name).read_text())
        assert [pin.split("==")[0] for pin in pins if "==" in pin and "--hash=" not in pin] == []
