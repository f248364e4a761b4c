"""What needs attention, what is in work, what came out, what is left (Spec 4.5)."""
