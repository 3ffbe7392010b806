"""Decisions: pure, sans-I/O, without a clock."""
