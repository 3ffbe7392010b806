"""What officers do with a card: take it, escalate it, put it aside, hand it over, close it, open it again.

``hands`` is what is remembered of it, ``refusing`` says why something cannot be done, ``verbs`` does it, ``course`` is
what follows from it as time passes and findings change. Ownership is one at a time, and nothing leaves a card without
an owner. Source: reference console.md §1.2, §6; domain.md R-33.
"""
