"""The generated pages say what the code says, and those who run Milepost find each variable that it reads."""

import re

import pytest

from milepost.config import docs

PAGES = docs.pages(docs.ROOT)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_generated_page_is_fresh(path):
    assert path.read_text() == PAGES[path], "run `make docs`"


def test_no_marker_names_a_clause_that_does_not_exist():
    known = {row["id"] for row in docs.requirements(docs.ROOT)}
    assert [claim for claim in docs.claims_in(docs.ROOT) if claim.clause not in known] == []


def test_markers_are_read_from_tests_their_classes_and_their_modules(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_all.py").write_text(
        "pytestmark = [pytest.mark.clause('A-1'), pytest.mark.django_db]\n"
        "class TestMany:\n    @pytest.mark.clause('B-1', 'B-2')\n    def test_two(self): ...\n"
        "@pytest.mark.slow\ndef test_one(): ...\n@pytest.mark.clause('C-1')\ndef aid(): ...\n"
    )
    found = {(claim.test, claim.clause) for claim in docs.claims_in(tmp_path)}
    assert found == {("test_two", "A-1"), ("test_two", "B-1"), ("test_two", "B-2"), ("test_one", "A-1")}


def test_a_clause_without_a_test_is_listed_as_open(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "docs" / "requirements.csv").write_text(
        "id,area,requirement,source\nA-1,x,Shown,A1\nA-2,x,Not yet,A2\n"
    )
    (tmp_path / "tests" / "test_all.py").write_text("@pytest.mark.clause('A-1')\ndef test_it_is_so(): ...\n")
    page = docs.coverage_page(tmp_path)
    before, after = page.split("## Shown")
    assert "**A-2** Not yet" in before
    assert "it is so ([test_all.py](../tests/test_all.py))" in after
    assert "1 of 2 clauses are shown" in page


def test_each_variable_of_the_environment_stands_on_the_page_for_those_who_run_it():
    sources = [docs.ROOT / "src/milepost/config" / name for name in ("settings.py", "up.py", "server.py")]
    read = {
        name
        for source in sources
        for name in re.findall(r'"(MILEPOST_[A-Z0-9_]+|DATABASE_URL|HOST|PORT)"', source.read_text())
    }
    told = (docs.ROOT / "docs/operations.md").read_text()
    assert len(read) > 60
    assert sorted(name for name in read if f"`{name}" not in told) == []
