"""Engines that read documents without asking anybody outside.

Here lives what turns pages into data on this machine. Only adapters import it; it knows the
domain's words and our errors, no database, no network, no settings.
"""
