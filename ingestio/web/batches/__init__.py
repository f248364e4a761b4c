"""The list of batches (Spec 4.2)."""
