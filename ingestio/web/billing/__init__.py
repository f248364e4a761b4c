"""Plan, balance and ledger (Spec 4.5)."""
