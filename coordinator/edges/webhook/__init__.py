"""Webhooks: what is delivered goes to a server of the participant's own, as signed POST requests over HTTPS."""

from coordinator.edges.webhook.serving import serve

__all__ = ["serve"]
