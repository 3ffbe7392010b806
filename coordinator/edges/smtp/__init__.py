"""Mail as a way in and out: reports come in as bodies and attachments, answers and deliveries go out as mails.

`parts`, `body`, `kinds`, `headers` take a mail apart and `letters` puts one together, all without I/O; `mail_in` is the
SMTP server, `mail_out` the client of the relay, `answers` what still has to be said, `serving` runs them.
"""

from coordinator.edges.smtp.serving import serve

__all__ = ["serve"]
