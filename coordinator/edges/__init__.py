"""The outside, one file (or package) a technology. Nothing in here decides anything."""
