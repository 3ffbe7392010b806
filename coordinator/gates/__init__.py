"""Gates: a participant's channels besides its own connection. What comes in becomes inputs, deliveries go out."""
