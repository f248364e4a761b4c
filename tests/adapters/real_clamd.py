"""A real clamd of the test's own: a folder, a socket, one signature, no network."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FOUND = "Eicar-Test-Signature.UNOFFICIAL"
"""What clamd calls a signature that does not come from its makers."""
STREAM_BYTES = 3 * 1_048_576
FILE_BYTES = 2 * 1_048_576
STARTS_WITHIN_S = 30
PROGRAM = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
MISSING = "no clamd here: apt install clamav-daemon (as root `make test` does it)"


class RealClamd:
    """Starts and ends one; it listens on a socket file and on a port of this machine."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.urls = (f"unix://{folder}/clamd.ctl", f"tcp://127.0.0.1:{port}")
        self._process: subprocess.Popen[bytes] | None = None
        signatures = folder / "signatures"
        signatures.mkdir()
        (signatures / "own.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
        (folder / "clamd.conf").write_text(
            f"Foreground yes\nDatabaseDirectory {signatures}\nLocalSocket {folder}/clamd.ctl\n"
            f"TCPAddr 127.0.0.1\nTCPSocket {port}\nTemporaryDirectory {folder}\n"
            f"StreamMaxLength {STREAM_BYTES}\nMaxFileSize {FILE_BYTES}\nAlertExceedsMax yes\n"
        )

    def start(self) -> None:
        """Until it answers."""
        (self.folder / "clamd.ctl").unlink(missing_ok=True)
        command = [str(PROGRAM), "--config-file", str(self.folder / "clamd.conf")]
        with (self.folder / "clamd.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + STARTS_WITHIN_S
        while not self._answers():
            told = (self.folder / "clamd.log").read_text()
            assert self._process.poll() is None, told
            assert time.monotonic() < deadline, told
            time.sleep(0.02)

    def kill(self) -> None:
        """As the system does when memory is short."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.folder / "clamd.ctl")) == 0
