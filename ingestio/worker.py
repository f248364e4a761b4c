"""Door: procrastinate's App and task, for the scaled mode on PostgreSQL (Spec 6.1).

Will live here: the App, one periodic task that wakes the processor, and the retry of stalled jobs;
the documents themselves are claimed by the same conditional UPDATEs as in the embedded mode. Does
not: anything that the processor decides.
"""
