"""Makes `models/compact`: a small encoder and judge for pairs of generated videos."""
