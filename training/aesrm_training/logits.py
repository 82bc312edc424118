"""Logits of verdicts, and what they say."""

import torch


def probabilities(s, t):
    """A, tie, B [N, outputs, 3]; written so that a swap mirrors it bit for bit."""
    top = torch.maximum(s.abs(), t)
    a, tie, b = (s - top).exp(), (t - top).exp(), (-s - top).exp()
    total = (a + b) + tie
    return torch.stack([a / total, tie / total, b / total], -1)
