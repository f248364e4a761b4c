"""Accounts and the queue, for administrators (Spec 4.5)."""
