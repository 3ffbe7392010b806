"""Asking, answering and agreeing between contingents: what was asked, what is open, what all have agreed to. Pure.

Everything is a function of the set of messages that somebody may see, and of the time.

* `life`: a request with its items, promises, conditions, questions and deadlines;
* `sessions`: a session with its proposals, and who agreed to which version;
* `drafts`: the text that all agreed to as the draft of an order, which orders nothing;
* `views`: what one reader may know of all that.

Source: OASIS EDXL-RM 1.0 (states); reference formats.md §3.3, §6.4; domain.md R-07, R-08, R-42.
"""
