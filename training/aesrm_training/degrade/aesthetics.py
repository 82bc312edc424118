"""Degradations of colour, lighting, tone, exposure and style: (pictures, times 0..1, rng, strength, see `at`) -> pictures."""

import math

import numpy as np

from .ops import at, coordinates, gauss, lowpass, luma, per_frame, rotate_hue, sign, to_rgb, to_ycc


def hue_shift(x, t, rng, k):
    """All hues turned by the same angle."""
    return rotate_hue(x, sign(rng) * at(k, 35, 80, 150) * rng.uniform(0.85, 1.15))


def hue_drift(x, t, rng, k):
    """Hues that wander over the clip."""
    phase, turns = rng.uniform(0, 2 * math.pi), rng.uniform(0.6, 2.0)
    return rotate_hue(x, at(k, 25, 60, 120) * np.sin(2 * math.pi * turns * t + phase))


def cast(x, t, rng, k):
    """A colour cast over everything."""
    a = rng.uniform(0, 2 * math.pi)
    ycc = to_ycc(x)
    amount = at(k, 0.05, 0.1, 0.2)
    ycc[:, 1] += amount * math.cos(a)
    ycc[:, 2] += amount * math.sin(a)
    return to_rgb(ycc)


def oversaturate(x, t, rng, k):
    """Chroma stretched until it clips."""
    ycc = to_ycc(x)
    ycc[:, 1:] *= at(k, 1.6, 2.4, 4.0) * rng.uniform(0.9, 1.1)
    return to_rgb(ycc)


def desaturate(x, t, rng, k):
    """Colour taken away, at last all of it."""
    ycc = to_ycc(x)
    ycc[:, 1:] *= max(0.0, 1 - at(k, 0.6, 0.85, 1.0))
    return to_rgb(ycc)


def flat_light(x, t, rng, k):
    """The light's modelling taken away: broad light and shade pulled to their mean."""
    low = lowpass(luma(x), 16)
    mean = low.mean((2, 3), keepdim=True)
    return (x + (mean - low) * at(k, 0.4, 0.65, 0.9)).clamp(0, 1)


def light_gradient(x, t, rng, k):
    """A second, contradictory light whose direction turns over the clip."""
    gx, gy = coordinates(x)
    a = rng.uniform(0, 2 * math.pi) + sign(rng) * rng.uniform(1.5, 5.0) * t
    slope = gx * per_frame(np.cos(a), x) + gy * per_frame(np.sin(a), x)
    return (x * (1 + at(k, 0.25, 0.45, 0.75) * slope)).clamp(0, 1)


def crush_blacks(x, t, rng, k):
    """Shadows crushed to black."""
    cut = at(k, 0.12, 0.22, 0.34)
    return ((x - cut) / (1 - cut)).clamp(0, 1)


def clip_highlights(x, t, rng, k):
    """Highlights clipped to white."""
    return (x / at(k, 0.8, 0.62, 0.45)).clamp(0, 1)


def posterise(x, t, rng, k):
    """Few tonal steps instead of smooth gradation."""
    levels = at(k, 11, 7, 4)
    return (x * levels).round() / levels


def exposure_gain(x, t, rng, k):
    """Over- or underexposed as a whole, in linear light."""
    stops = sign(rng) * at(k, 0.6, 1.1, 1.8) * rng.uniform(0.9, 1.1)
    return (x.clamp(min=1e-4).pow(2.2) * 2**stops).clamp(0, 1).pow(1 / 2.2)


def exposure_drift(x, t, rng, k):
    """Brightness that drifts slowly over the clip."""
    stops = at(k, 0.4, 0.8, 1.4) * np.sin(2 * math.pi * rng.uniform(0.5, 1.3) * t + rng.uniform(0, 2 * math.pi))
    return (x.clamp(min=1e-4).pow(2.2) * per_frame(2.0**stops, x)).clamp(0, 1).pow(1 / 2.2)


def _restyled(x, rng):
    """The whole clip in another look: sepia, grey, few flat tones, negative-like, or painterly."""
    look = rng.integers(5)
    grey = luma(x)
    if look == 0:
        return (grey * per_frame([1.0], x)).repeat(1, 3, 1, 1) * x.new_tensor([1.07, 0.86, 0.62]).view(1, 3, 1, 1)
    if look == 1:
        return grey.repeat(1, 3, 1, 1)
    if look == 2:
        return (gauss(x, 1.5) * 4).round() / 4
    if look == 3:
        return rotate_hue(1 - x, 180)
    edges = (grey - gauss(grey, 2)).abs() * 6
    return (lowpass(x, 4) - edges).clamp(0, 1)


def style_switch(x, t, rng, k):
    """From some point on, the clip is in another style; weaker strengths mix it in."""
    start = rng.uniform(0.3, 0.7)
    part = t >= start if rng.random() < 0.5 else t < start
    mix = per_frame(part * at(k, 0.35, 0.65, 1.0), x)
    return (x * (1 - mix) + _restyled(x, rng).clamp(0, 1) * mix).clamp(0, 1)
