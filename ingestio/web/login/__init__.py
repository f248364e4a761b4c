"""Sign up and sign in (Spec 4.5)."""
