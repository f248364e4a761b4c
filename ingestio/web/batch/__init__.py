"""One batch and its documents, live (Spec 4.3)."""
