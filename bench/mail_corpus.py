"""How well mail is read: `python -m bench.mail_corpus` prints the figures of the three parts of the corpus in tests/corpus.

`--show` lists the messages behind the figures, of the tuned part unless another is named. The held-out part is not to be tuned on.
"""

import argparse
import sys

from tests.corpus.reading import PARTS, Score, score


def main() -> int:
    """Print the figures; 1 when any message was wrongly accepted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--show", nargs="?", const="tuned", choices=PARTS, help="list what was not right in that part (tuned)"
    )
    asked = parser.parse_args()
    scores = {part: score(part) for part in PARTS}
    print(f"{'':<10}{'messages':>9}{'right kind':>12}{'exact fields':>14}{'accepted':>18}{'wrongly accepted':>18}")
    for part, one in scores.items():
        print(_line(part, one))
    if asked.show:
        _show(scores[asked.show])
    return 1 if any(one.wrongly_accepted for one in scores.values()) else 0


def _line(part: str, one: Score) -> str:
    kind = f"{one.right_kind / one.messages:.1%}"
    fields = f"{one.exact / one.fields:.1%}"
    accepted = f"{one.accepted} of {one.acceptable} ({one.accepted / one.acceptable:.0%})"
    return f"{part:<10}{one.messages:>9}{kind:>12}{fields:>14}{accepted:>18}{len(one.wrongly_accepted):>18}"


def _show(one: Score) -> None:
    for name in ("wrongly_accepted", "wrong_fields", "wrong_kind", "not_accepted"):
        print(f"\n{name.replace('_', ' ')}:")
        for line in getattr(one, name):
            print(f"  {line}")


if __name__ == "__main__":
    sys.exit(main())
