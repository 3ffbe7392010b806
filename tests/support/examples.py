"""How many examples a law gets: a share of what the profile asks for, so that ``soak`` multiplies them all."""

from hypothesis import settings


def times(factor: float) -> settings:
    """Return settings with so many times the examples of the profile: more of cheap ones, fewer of dear ones."""
    asked = settings.default
    assert asked is not None
    return settings(max_examples=max(2, round(asked.max_examples * factor)))
