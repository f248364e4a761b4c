"""Work for the pages to show: batches of the small samples, by the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.served import ROOT

if TYPE_CHECKING:
    from tests.e2e.scripted import Script

SAMPLES = ROOT / "tests" / "samples"
NAMES_NO_FIELDS = "Say hello"
"""A prompt that fails every document, uncharged (Spec 7.4)."""


def submit(script: Script, name: str, *files: str, prompt: str = "") -> str:
    """Submit samples under a name; the batch's id."""
    fields = {"name": name} | ({"prompt": prompt} if prompt else {})
    content = [(file, (SAMPLES / file).read_bytes()) for file in files]
    code, batch = script.submit(content, "global" if prompt else "auto", **fields)
    assert code == 201, batch
    return batch["id"]


def finished(script: Script, name: str, *files: str, prompt: str = "") -> str:
    """Submit samples and wait until they have ended."""
    batch_id = submit(script, name, *files, prompt=prompt)
    script.wait(batch_id, 120)
    return batch_id
