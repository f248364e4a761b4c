"""One document's page beside its values (Spec 4.4)."""
