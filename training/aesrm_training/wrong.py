"""Where the exported model is wrong most, with examples: of damage known by construction, and of people's labels."""

from collections import Counter, defaultdict

from .clips import Clip
from .degrade import BY_NAME, STRENGTHS

#: Rows of a table of examples.
EXAMPLES = 8
#: Examples of one kind of damage, at most: the worst kind alone would fill the table.
OF_A_KIND = 2
_KINDS = 6


def _damaged(rows: list[dict]) -> list[dict]:
    """Rows of (clip, damaged version), with how sure the overall verdict is of the damaged side: above 0 it is wrong."""
    return [{**r, "lean": float(r["p"][-1, 2] - r["p"][-1, 0])} for r in rows if r["degradation"] in BY_NAME]


def _shares(rows: list[dict], key) -> list[tuple[str, float, int]]:
    """Share of wrong overall verdicts by what `key` says of a row, the worst first, and the pairs."""
    groups = defaultdict(list)
    for r in rows:
        groups[key(r)].append(r["lean"] > 0)
    return sorted(((name, sum(v) / len(v), len(v)) for name, v in groups.items()), key=lambda g: (-g[1], g[0]))


def _examples(rows: list[dict], count: int, once, kind) -> list[dict]:
    """The rows that are wrong and surest, one for each value of `once`, `OF_A_KIND` for each of `kind`."""
    seen, kinds, out = set(), Counter(), []
    for r in sorted((r for r in rows if r["lean"] > 0), key=lambda r: -r["lean"]):
        if once(r) in seen or kinds[kind(r)] == OF_A_KIND or len(out) == count:
            continue
        seen.add(once(r))
        kinds[kind(r)] += 1
        out.append(r)
    return out


def of_damage(rows: list[dict], clips: list[Clip]) -> dict:
    """Kinds of damage and generators by how often the overall verdict is wrong, and the surest mistakes."""
    damaged, by_hash = _damaged(rows), {c.sha256: c for c in clips}
    examples = [{"clip": by_hash[r["clip"]].name, "damage": r["degradation"], "strength": STRENGTHS[int(r["strength"])],
                 "criterion": BY_NAME[r["degradation"]].worse, "p": [round(float(v), 3) for v in r["p"][-1]]}
                for r in _examples(damaged, EXAMPLES, lambda r: r["clip"], lambda r: r["degradation"])]
    return {"kinds": _shares(damaged, lambda r: r["degradation"])[:_KINDS],
            "generators": _shares(damaged, lambda r: by_hash[r["clip"]].generator), "examples": examples}


def of_people(said: list[dict]) -> list[dict]:
    """The surest mistakes about people's labels of clips never trained on, one a prompt."""
    rows = [r for r in said if r["labelKind"].startswith("human")]
    rows = [{**r, "lean": (r["p"][2] - r["p"][0]) * (1 if r["preferred"] == "A" else -1)} for r in rows]
    return _examples(rows, EXAMPLES, lambda r: r["group"], lambda r: r["group"])


def section(damage: dict, people: list[dict]) -> str:
    """The card's section."""
    share = lambda rows: ", ".join(f"{name} {100 * value:.0f}% of {n}" for name, value, n in rows)
    lines = ["## Where it is wrong most", "",
             "Held-out clips beside their damaged versions, wrong where the overall verdict leans to the damaged side, ties aside.",
             f"By kind of damage, the worst: {share(damage['kinds'])}.",
             f"By where the clip comes from: {share(damage['generators'])}.", "",
             "The surest mistakes, one a clip:", "",
             "| clip | damage | criterion it is about | p(clip) | p(tie) | p(damaged) |", "|---|---|---|---|---|---|"]
    lines += [f"| {r['clip']} | {r['damage']}, {r['strength']} | {r['criterion']} | " + " | ".join(f"{v:.2f}" for v in r["p"]) + " |"
              for r in damage["examples"]]
    if people:
        lines += ["", "The surest disagreements with people, one a prompt:", "",
                  "| A | B | aspect (output) | people | p(A) | p(tie) | p(B) |", "|---|---|---|---|---|---|---|"]
        lines += [f"| {r['a']} | {r['b']} | {r['aspect']} ({r['output']}) | {r['preferred']} | " +
                  " | ".join(f"{v:.2f}" for v in r["p"]) + " |" for r in people]
    return "\n".join(lines) + "\n"
