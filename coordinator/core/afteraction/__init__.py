"""After action: how long it took to detect, deliver, answer and resolve, computed from the log and nothing else.

`Facts` takes the log, message by message; `measure` says which values there are, each with the sequences it comes from;
`report` says what of that one reader may see. Nobody is ranked: a participant sees its own values, and the others as
one figure, if they are enough of them. Source: issue 5 item 10; domain.md R-45, §5, §7.1 (6).
"""
