"""Tiny helpers for statistics over maps [n, 1, h, w]; each returns [n]."""


def mean(v):
    """Mean over the map."""
    return v.mean((1, 2, 3))


def spread(v):
    """Standard deviation over the map, never quite zero."""
    centred = v - v.mean((2, 3), keepdim=True)
    return mean(centred * centred).add(1e-8).sqrt()


def log(v, floor: float = 5e-4):
    """Logarithm with a floor, so that emptiness stays finite."""
    return (v.clamp(min=0) + floor).log()
