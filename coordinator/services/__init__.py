"""Services: one `Service` value a file; `base` runs them all."""
