"""Document types by the names that people read."""

from __future__ import annotations

from ingestio.domain.documents import DocumentKind

KIND_LABELS: dict[DocumentKind, str] = {
    kind: kind.value.replace("_", " ").capitalize() for kind in DocumentKind
}
