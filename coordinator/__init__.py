"""The coordinator: services that find contradictions before anyone moves, and tell who must know."""

__version__ = "0.1.0"
