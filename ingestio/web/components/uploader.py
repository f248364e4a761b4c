"""The drop zone and the list of files: our own React component, see `assets/ingest_uploader.js`."""

from __future__ import annotations

from typing import Any

import reflex as rx


class Uploader(rx.NoSSRComponent):
    """Takes files, sends them by tus, draws every row.

    `files` are the server's rows and win over what the page believes; `limits` and `words` are the
    server's own numbers and sentences. Tells how many are in transfer, and whose X was pressed.
    """

    library = "$/public/ingest_uploader.js"
    tag = "IngestUploader"
    # lucide-react comes with Reflex's icons.
    lib_dependencies: list[str] = ["tus-js-client@4.3.1"]  # noqa: RUF012  Reflex reads it so

    endpoint: rx.Var[str]
    limits: rx.Var[dict[str, Any]]
    words: rx.Var[dict[str, Any]]
    files: rx.Var[list[dict[str, Any]]]
    is_shown: rx.Var[bool]
    pages_words: rx.Var[str]
    on_transfers: rx.EventHandler[rx.event.passthrough_event_spec(int)]
    on_remove: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_keep_both: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_discard: rx.EventHandler[rx.event.no_args_event_spec]
