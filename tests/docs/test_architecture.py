"""The documents say what the code does."""

import re
from pathlib import Path

import pytest

from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.transitions import MOVES

ROOT = Path(__file__).parents[2]
DOMAIN = ROOT / "src" / "quantleap" / "domain"
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()


def test_the_diagram_of_a_subscriptions_life_shows_the_table_of_moves() -> None:
    drawn = set(re.findall(r"^ +(\w+) --> (\w+): (\w+)$", ARCHITECTURE, re.MULTILINE))

    assert drawn == {
        (source.value, move.target.value, transition.value)
        for transition, move in MOVES.items()
        for source in move.sources
    }


def test_the_diagram_ends_in_the_terminal_statuses() -> None:
    ends = set(re.findall(r"^ +(\w+) --> \[\*\]$", ARCHITECTURE, re.MULTILINE))

    assert ends == {status.value for status in SubscriptionStatus if not status.is_live}


@pytest.mark.parametrize("package", sorted(path.parent.name for path in DOMAIN.glob("*/__init__.py")))
def test_every_package_of_the_domain_is_in_the_picture(package: str) -> None:
    assert f"    {package}/" in ARCHITECTURE


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text())

    assert [target for target in targets if not (document.parent / target).exists()] == []
