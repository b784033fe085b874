"""Frozen versions of a plan: what they hold, how they are read, how two of them compare."""
