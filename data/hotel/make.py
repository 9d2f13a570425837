"""Make the simulated hotel study again: ``python data/hotel/make.py [FOLDER]`` writes the same bytes as stand here."""

import sys
from pathlib import Path

from gapkit.survey import hotel, hotel_plan

README = """\
# Six hotels, simulated

Nobody was asked: every answer in this folder is **simulated** by `make.py` (seed {seed}) from the truth in `truth.json`.
It is made to be unpleasant in the ways real surveys are. Licence: CC0-1.0, do with it what you like. Citation: gapkit
developers, six simulated hotels (data/hotel, seed {seed}).

| file | rows | rates | columns |
|---|---|---|---|
| `hotel.csv` | {customers} guests | E1-E22 what an excellent hotel should offer, P1-P22 what this one offered | guest, hotel, purpose (of the stay), age, nights, seconds (to fill in), weight, points_* (100 split over the dimensions), overall and satisfaction 1-7, recommend 0-10 |
| `managers.csv` | {managers} managers | M1-M22 what they believe guests expect | manager, hotel, level, years (in the job) |
| `standards.csv` | {standards} audits | S1-S22 how much is laid down | audit, hotel, department |
| `staff.csv` | {staff} contact staff | D1-D22 what is delivered | employee, hotel, role, months (in the job) |
| `promises.csv` | {promises} claims | C1-C22 how much guests are told to expect | claim, hotel, channel |
| `truth.json`, `truth_guests.csv` | | what was planted; each guest's segment and carelessness | |

All ratings are on gapkit's 22 SERVQUAL items, 1-7, highest is best. Beside each file stands its card (`.toml`); load a
file with `gk.datasets.load("hotel")`, `"hotel_managers"`, `"hotel_standards"`, `"hotel_staff"` or `"hotel_promises"`.

## What is planted

Each hotel has a story, told in steps of the mean ratings: managers against guests' expectations (M-E), standards against
managers (S-M), delivery against standards (D-S), guests' perceptions against delivery (P-D), promises against delivery
(C-D). The gap P-E is the sum of the first four. Means over the five dimensions, in scale points:

{hotels}

Guests' gaps P-E by dimension:

{gaps}

Expectations are alike in all hotels ({expected}), with {ceiling} of the answers at the top of the scale.

- **Three dimensions that can hardly be told apart**: inside a hotel the factors of responsiveness, assurance and empathy
  correlate {lowest:.2f}-{highest:.2f} in either battery; the others {weakest:.2f}-{strongest:.2f}.
- **Three segments** of guests, each expecting more of one thing and finding less of it. Their gaps by dimension are below;
  they lie {nearest:.1f} to {farthest:.1f} standard deviations apart (Mahalanobis distance of latent gap scores inside a
  hotel). Purpose, age and points go with the segment; the hotels' own differences hide it.

{segments}

- **Careless guests**: {careless:.0%}, a third each giving one answer throughout, any answer, or the same answers in both halves.
- **Missing**: {missing:.0%} of all answers, of outcomes and of whole allocations, completely at random.
- **Two reversed items**, {reversed}, worded the other way round in both halves of the guests' questionnaire. `hotel.csv`
  holds them as answered; the card names them and loading turns them.
- **Weights**: hotels were not sampled in proportion to their guests; `weight` is the inverse of the relative chance to be
  asked. Weighted, the mean gap aims at {weighted:.3f}; without weights at {plain:.3f}, which is of no interest. The mean of
  gaps weighted by each guest's own points aims, with weights, at {points:.3f}.
- **Managers** see guests' expectations the lower the further they are from the counter; hotel F has only four of them, too
  few to say much.
- **Outcomes** follow the latent level of what was perceived. One scale point of a dimension is worth, in points:

{outcomes}

Means of attentive guests are planted; the careless pull the means in the file a little towards the middle.
"""


def table(header: list[str], rows: list[list[object]]) -> str:
    """A Markdown table; numbers with two decimals."""
    cells = [[f"{cell:+.2f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, ["---"] * len(header), *cells])


def readme() -> str:
    """The data card, its numbers taken from what is planted."""
    guests, links = hotel_plan.people(), hotel_plan.links()
    gaps, segments = guests.means("gaps"), guests.means("gaps", by="segment").drop(index="all")
    dimensions = list(hotel_plan.DIMENSIONS)
    steps = links.groupby(level="hotel").mean()
    correlation = {(a, b): r for a, row in zip(dimensions, hotel_plan.CORRELATIONS) for b, r in zip(dimensions, row)}
    soft = [r for (a, b), r in correlation.items() if a < b and {a, b} <= set(hotel_plan.SOFT)]
    rest = [r for (a, b), r in correlation.items() if a < b and not {a, b} <= set(hotel_plan.SOFT)]
    apart = [d for d in guests.separation().to_numpy().ravel() if d > 0]
    ceiling, sampled = guests.ceiling(), hotel_plan.N["customers"]
    rounded = [[name, *map(float, row.round(6) + 0.0)] for name, row in gaps.iterrows()]
    return README.format(
        **{kind: sum(n.values()) for kind, n in hotel_plan.N.items()},
        seed=hotel_plan.SEED,
        hotels=table(
            ["hotel", "story", *steps.columns],
            [[name, hotel_plan.STORIES[name], *map(float, row.round(6) + 0.0)] for name, row in steps.iterrows()],
        ),
        gaps=table(["hotel", *gaps.columns], rounded),
        expected=", ".join(f"{d} {m}" for d, m in zip(dimensions, hotel_plan.EXPECTED)),
        ceiling=f"{ceiling.min():.0%}-{ceiling.max():.0%}",
        lowest=min(soft), highest=max(soft), weakest=min(rest), strongest=max(rest),
        nearest=min(apart), farthest=max(apart),
        segments=table(
            ["segment", "share of guests", *dimensions],
            [[s.name, f"{s.share:.0%}", *map(float, segments.loc[s.name, dimensions])] for s in hotel_plan.SEGMENTS],
        ),
        careless=hotel_plan.CARELESS_SHARE, missing=hotel_plan.MISSING_SHARE, reversed=" and ".join(hotel_plan.REVERSED),
        weighted=gaps.loc["all", "overall"],
        plain=sum(n * gaps.loc[name, "overall"] for name, n in sampled.items()) / sum(sampled.values()), points=guests.weighted_gap(),
        outcomes=table(
            ["outcome", *dimensions], [[o.name, *map(float, o.effects.values())] for o in hotel_plan.OUTCOMES]
        ),
    )


def main(folder: Path) -> None:
    """Write everything in this folder but the cards and this file."""
    hotel.write(folder)
    (folder / "README.md").write_bytes(readme().encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
