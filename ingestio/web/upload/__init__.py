"""The wizard: files, prompts, review, submit (Spec 4.1)."""
