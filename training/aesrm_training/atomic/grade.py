"""The final grade: a scene's tones and colours brought to where its labels say they are."""

from dataclasses import dataclass

import numpy as np

from ..degrade.ops import LUMA

#: Where the median tone goes, as a share of the tonal range; "middle" is neither key and carries no label.
KEYS = {"low": 0.16, "middle": 0.45, "high": 0.8}
#: Mean distance from grey, in RGB, at saturation 1.
_FULL = 0.42
_STEPS = 2048
#: Lit colours may be brighter than 1 before they are graded.
_BRIGHTEST = 2.0


@dataclass(frozen=True)
class Grade:
    """A tone curve (over luma 0.._BRIGHTEST), the illuminant's gains per channel, a factor on colourfulness."""

    curve: np.ndarray
    gains: np.ndarray
    chroma: float

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        """Graded colours [..., 3] in 0..1; luma follows the curve, colour keeps its direction."""
        tinted = rgb * self.gains
        luma = tinted @ LUMA
        toned = self.curve[np.clip(luma * ((_STEPS - 1) / _BRIGHTEST), 0, _STEPS - 1).astype(np.int64)][..., None]
        away = (tinted - luma[..., None]) * self.chroma
        return np.clip(toned + _within(toned, away), 0, 1)

    def settled(self, shown: np.ndarray, tones: tuple[float, float]) -> "Grade":
        """The grade corrected by what it made of the picture it was fitted to, `shown` [h, w, 3].

        Where layers cover each other in part, a curve over each is not the curve over all, but a straight line is.
        """
        dark, light = np.percentile(shown @ LUMA, (2, 98))
        factor = (tones[1] - tones[0]) / max(1e-3, light - dark)
        return Grade(np.clip(tones[0] + (self.curve - dark) * factor, 0, 1).astype(np.float32), self.gains, self.chroma)


def _within(toned: np.ndarray, away: np.ndarray) -> np.ndarray:
    """`away` shortened where it would leave 0..1, so that luma and hue stay."""
    room = np.where(away > 0, 1 - toned, toned) / (np.abs(away) + 1e-6)
    return away * np.minimum(1, room.min(-1, keepdims=True))


def illuminant(temperature: float) -> np.ndarray:
    """Gains of R, G, B for -1 (cool) to 1 (warm)."""
    return np.array([1 + 0.3 * temperature, 1.0, 1 - 0.3 * temperature], np.float32)


def fitted(rgb: np.ndarray, tones: tuple[float, float], key: str, temperature: float, saturation: float) -> Grade:
    """The grade that gives the picture [h, w, 3] these tones (percentiles 2 and 98), key, temperature, saturation."""
    gains = illuminant(temperature)
    luma = (rgb * gains) @ LUMA
    dark, median, light = np.percentile(luma, (2, 50, 98))
    share = np.clip((median - dark) / max(1e-3, light - dark), 0.03, 0.97)
    # a steeper curve would turn what is a little darker than the darkest of the fitted picture into a black hole
    power = np.clip(np.log(KEYS[key]) / np.log(share), 0.3, 4.0)
    x = np.clip((np.linspace(0, _BRIGHTEST, _STEPS) - dark) / max(1e-3, light - dark), 0, 1)
    curve = (tones[0] + (tones[1] - tones[0]) * x**power).astype(np.float32)
    plain = Grade(curve, gains, 1.0)(rgb)
    away = np.abs(plain - (plain @ LUMA)[..., None]).mean() * 2
    return Grade(curve, gains, float(np.clip(saturation * _FULL / max(away, 1e-3), 0, 12)))
