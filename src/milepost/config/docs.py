"""`milepost docs`: the pages of docs/ that are drawn from the code, so that they cannot say anything else.

`docs/states.md` comes from the transition tables, `docs/sop-coverage.md` from `docs/requirements.csv` and the clause markers of
the tests. Tests fail when a page is stale. Nothing here runs the tests: their files are read as text.
"""

import argparse
import ast
import csv
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import milepost
from milepost.faces.cli import Commands
from milepost.kernel.transitions import Machine

ROOT = Path(__file__).parents[3]
GENERATED = (
    "Generated from `docs/requirements.csv` and the `@pytest.mark.clause` markers by `milepost docs`; a test fails when this page"
    " is stale. Sources: A to E are the five operating procedures, with their sections."
)
DRAWN = ("milepost.way.orders.states", "milepost.way.fulfilment.states", "milepost.ground.notices.states")


def add(commands: Commands) -> None:
    """The command `docs`."""
    parser = commands.add_parser("docs", help="write the generated pages of docs/ anew (needs a checkout)")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a page is stale")
    parser.set_defaults(run=docs, database=False)


def docs(asked: argparse.Namespace) -> int:
    """Write each page whose text has changed, and name it; 1 where there is no checkout, or with --check a stale page."""
    if not (ROOT / "docs" / "requirements.csv").exists():
        print("There is no docs/requirements.csv here: this command is for a checkout of the source.")
        return 1
    stale = {path: text for path, text in pages(ROOT).items() if not path.exists() or path.read_text() != text}
    for path, text in stale.items():
        print(f"{'stale' if asked.check else 'written'}: {path.relative_to(ROOT)}")
        if not asked.check:
            path.write_text(text)
    return 1 if asked.check and stale else 0


def pages(root: Path) -> Mapping[Path, str]:
    """Every generated page and its text as it should be."""
    from django.apps import apps

    if not apps.ready:
        import django

        django.setup()
    from milepost.config.rights import permissions_page

    return {
        root / "docs" / "states.md": states_page(),
        root / "docs" / "sop-coverage.md": coverage_page(root),
        root / "docs" / "permissions.md": permissions_page(),
    }


def machines() -> Mapping[str, Machine]:
    """Every transition table of the house, by the name of its module and its own."""
    found: dict[str, Machine] = {}
    for module in pkgutil.walk_packages(milepost.__path__, "milepost."):
        if module.name.endswith(".states"):
            things = vars(import_module(module.name)).items()
            found |= {f"{module.name}.{name}": thing for name, thing in things if isinstance(thing, Machine)}
    return found


def states_page() -> str:
    """The states that people meet: a diagram and, below it, who may say what."""
    parts = ["# States", "Drawn from the transition tables by `milepost docs`; a test fails when this page is stale."]
    for module in DRAWN:
        for machine in (thing for thing in vars(import_module(module)).values() if isinstance(thing, Machine)):
            parts.append(f"## States of {machine.name}")
            parts.append(f"Table: `src/{module.replace('.', '/')}.py`")
            parts.append(f"```mermaid\n{machine.drawing()}\n```")
            parts.append(_who_may(machine))
    return "\n\n".join(parts) + "\n"


def _who_may(machine: Machine) -> str:
    rows: dict[tuple[str, str, tuple[str, ...]], list[str]] = defaultdict(list)
    for t in machine.transitions:
        rows[t.verb, t.target, t.roles].append(t.source)
    lines = ["| verb | from | to | who may |", "|---|---|---|---|"]
    for (verb, target, roles), sources in rows.items():
        who = ", ".join(role.replace("_", " ") for role in roles) or "the system, by reaction"
        lines.append(f"| {_plain(verb)} | {', '.join(map(_plain, sources))} | {_plain(target)} | {who} |")
    return "\n".join(lines)


def _plain(word: str) -> str:
    return word.replace("_", " ")


@dataclass(frozen=True, order=True)
class Claim:
    """A test that says that it shows a clause."""

    clause: str
    file: str
    test: str


def coverage_page(root: Path) -> str:
    """Each clause with the tests that show it; those without one are named first."""
    claims: dict[str, list[Claim]] = defaultdict(list)
    for claim in sorted(set(claims_in(root))):
        claims[claim.clause].append(claim)
    rows = requirements(root)
    still_open = [row for row in rows if not claims[row["id"]]]
    parts = [
        "# Which test shows which clause",
        GENERATED,
        f"{len(rows) - len(still_open)} of {len(rows)} clauses are shown by tests; {len(still_open)} are open.",
        "## Open: no test yet",
        "\n".join(f"- **{row['id']}** {row['requirement']} ({row['source']})" for row in still_open) or "None.",
        "## Shown",
        *(_shown(row, claims[row["id"]]) for row in rows if claims[row["id"]]),
    ]
    return "\n\n".join(parts) + "\n"


def _shown(row: Mapping[str, str], claims: list[Claim]) -> str:
    tests = "\n".join(f"- {_sentence(claim.test)} ([{Path(claim.file).name}](../{claim.file}))" for claim in claims)
    return f"### {row['id']} · {row['area']} · {row['source']}\n\n{row['requirement']}.\n\n{tests}"


def _sentence(test: str) -> str:
    return _plain(re.sub(r"^test_", "", test).replace("__", ": "))


def requirements(root: Path) -> list[dict[str, str]]:
    """The clauses: id, area, requirement, source."""
    with (root / "docs" / "requirements.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def claims_in(root: Path) -> Iterator[Claim]:
    """Every clause marker in the test files: on a test, on its class, or on its module."""
    for path in sorted([*root.glob("src/milepost/**/tests/**/test_*.py"), *root.glob("tests/**/test_*.py")]):
        tree = ast.parse(path.read_text())
        whole = {clause for node in tree.body for clause in _of_module(node)}
        yield from (Claim(c, path.relative_to(root).as_posix(), test) for test, c in _in_body(tree.body, whole))


def _of_module(node: ast.stmt) -> set[str]:
    named = isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets)
    return _clauses(node) if named else set()


def _in_body(body: list[ast.stmt], around: set[str]) -> Iterator[tuple[str, str]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _in_body(node.body, around | _marked(node))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield from ((node.name, clause) for clause in around | _marked(node))


def _marked(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    return {clause for decorator in node.decorator_list for clause in _clauses(decorator)}


def _clauses(node: ast.AST) -> set[str]:
    """The ids in every `pytest.mark.clause(...)` below a node."""
    calls = (n for n in ast.walk(node) if isinstance(n, ast.Call) and ast.unparse(n.func) == "pytest.mark.clause")
    return {str(a.value) for call in calls for a in call.args if isinstance(a, ast.Constant)}
