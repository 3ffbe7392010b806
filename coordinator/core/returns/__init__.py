"""Reports that come again and again: when each is due, what their sum is, and what none of them says."""
