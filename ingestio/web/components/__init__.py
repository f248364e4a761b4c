"""What pages are made of: functions from values to components; no state, no services."""
