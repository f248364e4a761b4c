"""Each command as a script runs it: the result on standard output alone, an exit code."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingestio import bootstrap
from ingestio.cli import main
from ingestio.domain.drafts import DraftChange
from ingestio.domain.prompts import PromptStrategy
from tests.api.conftest import house, person, served, settings  # noqa: F401  fixtures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.testclient import TestClient

    from tests.api.conftest import Person

SAMPLES = Path(__file__).parents[1] / "samples"
INVOICE = str(SAMPLES / "invoice-en.pdf")
RECEIPT = str(SAMPLES / "receipt-en.pdf")


class Terminal:
    """What a command printed, and how it ended."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys, self._monkeypatch = capsys, monkeypatch
        self.out = self.err = ""
        self.is_alone = True
        """Whether each command is a process of its own, as far as services go."""

    def run(self, *words: str) -> int:
        if self.is_alone:
            bootstrap._services = None
        self._monkeypatch.setattr(sys, "argv", ["ingestio", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        self.out, self.err = self._capsys.readouterr()
        code = ended.value.code
        if isinstance(code, str):  # what `sys.exit` would print
            self.err += code
        return code if isinstance(code, int) else int(code is not None)

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Terminal]:
    before = bootstrap._services
    monkeypatch.setenv("INGESTIO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("INGESTIO_DEMO", "1")
    yield Terminal(capsys, monkeypatch)
    bootstrap._services = before


def test_help_imports_nothing_of_what_it_describes() -> None:
    code = (
        "import sys\n"
        "from ingestio.cli.arguments import parser\n"
        "import ingestio.cli\n"
        "parser().format_help()\n"
        "heavy = {'sqlalchemy', 'pydantic', 'structlog', 'reflex', 'fastapi', 'pypdfium2'}\n"
        "print(heavy & sys.modules.keys())"
    )

    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert made.stdout.strip() == "set()"


@pytest.mark.parametrize("command", ["", "pages", "extract", "upload", "doctor", "grant-pages"])
def test_every_command_has_help(terminal: Terminal, command: str) -> None:
    assert terminal.run(*command.split(), "--help") == 0
    assert "usage: ingestio" in terminal.out


def test_wrong_arguments_are_2(terminal: Terminal) -> None:
    assert terminal.run("fly") == 2
    assert terminal.run("extract", "--type", "poem", INVOICE) == 2
    assert terminal.run("grant-pages", "a@example.org", "many", "--reason", "x") == 2
    assert terminal.out == ""


def test_pages_counts_each_file_and_says_why_not(terminal: Terminal, tmp_path: Path) -> None:
    html = tmp_path / "page.pdf"
    html.write_text("<html>")
    names = [INVOICE, str(html), str(tmp_path / "missing.pdf"), str(SAMPLES / "receipt.jpg")]

    code = terminal.run("pages", *names)

    assert code == 1
    assert [line["path"] for line in terminal.lines] == names
    first, second, third, fourth = terminal.lines
    assert first == {"path": INVOICE, "media_type": "application/pdf", "pages": 1}
    assert second.keys() == third.keys() == {"path", "error", "message"}
    assert (second["error"], third["error"]) == ("unsupported_type", "unreadable")
    assert (fourth["media_type"], fourth["pages"]) == ("image/jpeg", 1)
    assert terminal.err == ""


def test_extract_gives_values_with_their_evidence(terminal: Terminal) -> None:
    assert terminal.run("extract", INVOICE, RECEIPT) == 0

    invoice, receipt = terminal.lines
    assert (invoice["type"], receipt["type"]) == ("invoice", "receipt")
    number = invoice["fields"]["invoice_number"]
    assert number["value"] == "INV-100"
    assert number.keys() == {"value", "confidence", "page", "box", "quote"}


def test_extract_takes_a_type_or_a_prompt(terminal: Terminal) -> None:
    assert terminal.run("extract", "--prompt", "total, invoice date", INVOICE) == 0
    assert terminal.lines[0]["fields"].keys() == {"total", "invoice_date"}

    assert terminal.run("extract", "--prompt", "Write a poem", INVOICE) == 1
    assert terminal.lines[0]["error"] == "prompt_names_no_fields"

    assert terminal.run("extract", "--type", "receipt", RECEIPT) == 0
    assert terminal.lines[0]["type"] == "receipt"


def test_an_engine_that_is_not_configured_says_so(terminal: Terminal) -> None:
    assert terminal.run("extract", "--engine", "openai", INVOICE) == 1
    assert "OPENAI_API_KEY" in terminal.err
    assert terminal.out == ""


def test_api_key_prints_the_key_and_nothing_else(terminal: Terminal) -> None:
    assert terminal.run("api-key", "demo@ingestio.test") == 0
    key = terminal.out.strip()
    assert key.startswith("ing_")
    assert len(key.split()) == 1
    assert bootstrap.services().accounts.actor_of_key(key).email == "demo@ingestio.test"

    assert terminal.run("api-key", "nobody@example.org") == 1
    assert terminal.out == ""
    assert "No account" in terminal.err


def test_the_operator_makes_administrators_and_grants_pages(terminal: Terminal) -> None:
    assert terminal.run("make-admin", "plus@ingestio.test") == 0
    assert terminal.run("grant-pages", "plus@ingestio.test", "250", "--reason", "a test") == 0

    made = bootstrap.services()
    actor = made.accounts.actor_of_key(made.accounts.issue_key("plus@ingestio.test"))
    assert actor.is_admin
    assert made.usage.balance(actor).limit_pages == 1_250
    assert terminal.run("grant-pages", "plus@ingestio.test", "0", "--reason", "none") == 1


def test_process_once_works_off_what_waits(terminal: Terminal) -> None:
    terminal.run("api-key", "demo@ingestio.test")
    made = bootstrap.services()
    actor = made.accounts.actor_of_key(terminal.out.strip())
    draft = made.intake.create_api_draft(actor)
    made.intake.receive(actor, draft.id, "invoice.pdf", Path(INVOICE))
    made.intake.update_draft(actor, draft.id, DraftChange(strategy=PromptStrategy.AUTO))
    made.batches.submit(actor, draft.id)
    made.counter.stop()

    assert terminal.run("process-once") == 0

    assert terminal.lines == [{"claimed": 1}]
    detail = bootstrap.services().batches.detail(actor, draft.id)
    assert (detail.batch.status, detail.pages_charged) == ("completed", 1)
    assert terminal.run("reap") == 0
    assert terminal.lines == [{"purged": 0}]


def test_doctor_looks_at_every_part(terminal: Terminal) -> None:
    assert terminal.run("doctor", "--deep") == 0

    parts = {line[6:22].strip() for line in terminal.out.splitlines()}
    assert parts >= {"data folder", "database", "files", "cache", "page counter", "local engine"}
    assert all(line.startswith("ok ") for line in terminal.out.splitlines())


def test_doctor_says_what_is_wrong(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRON_SECRET", "short")
    monkeypatch.setenv("CLAMD_URL", "tcp://127.0.0.1:9")

    assert terminal.run("doctor") == 1

    wrong = [line for line in terminal.out.splitlines() if line.startswith("WRONG")]
    assert [line[6:22].strip() for line in wrong] == ["virus scan", "outside cron"]


@pytest.fixture
def address(person: Callable[..., Person]) -> Iterator[tuple[str, Person]]:  # noqa: F811
    """The real API behind a plain HTTP server, and somebody with an account."""
    ada = person()
    bridge = ThreadingHTTPServer(("127.0.0.1", 0), _bridge(ada.client))
    thread = threading.Thread(target=bridge.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{bridge.server_port}", ada
    bridge.shutdown()
    bridge.server_close()


def _bridge(client: TestClient) -> type[BaseHTTPRequestHandler]:
    class Bridge(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
            answer = client.request(self.command, self.path, content=body, headers=headers)
            self.send_response(answer.status_code)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = _pass_on  # noqa: N815  the server's names

        def log_message(self, *_: object) -> None:
            """Keep standard error for the command's own."""

    return Bridge


def test_upload_sends_a_batch_by_the_api(
    terminal: Terminal, address: tuple[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, ada = address
    monkeypatch.setenv("INGESTIO_API_KEY", ada.client.headers["Authorization"].split()[1])
    terminal.is_alone = False

    assert terminal.run("upload", "--url", url, "--name", "cli", INVOICE, RECEIPT) == 0
    assert terminal.lines[0]["document_count"] == 2
    assert ada.get("/batches").json()["items"][0]["name"] == "cli"

    assert terminal.run("upload", "--url", url, "--strategy", "global", INVOICE) == 1
    assert terminal.out == ""
    assert "prompt: Enter a prompt" in terminal.err
