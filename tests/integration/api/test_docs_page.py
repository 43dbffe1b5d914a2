"""`/docs` in a real browser: it shows every route, lets one be tried, and asks nobody but the server for anything."""

import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from attrs import field, frozen
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.integration.api.faces import partner_headers
from tests.integration.api.wire import HOST, serving
from tests.integration.application.house import House

from quantleap.entrypoints.api.routes.table import ROUTES

CHROMIUM = shutil.which("chromium")
IS_REQUIRED = os.environ.get("QUANTLEAP_REQUIRE_BROWSER") == "1"
ARGUMENTS = [
    "--no-sandbox",  # it has none as root, and sees nothing but the server of the test
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
GIVE_UP_MS = 30_000
SUBSCRIBE = "#operations-partner-partnerSubscribe"
TEMPLATES = "#operations-partner-partnerListTemplates"

if CHROMIUM is None and not IS_REQUIRED:
    pytest.skip("there is no browser for /docs: install chromium", allow_module_level=True)


@frozen
class Visit:
    """A page, what it asked for, and what it complained of."""

    page: Page
    url: str
    asked: list[str] = field(factory=list)
    complaints: list[str] = field(factory=list)

    @classmethod
    def of(cls, browser: Browser, url: str) -> "Visit":
        """Of `/docs`, loaded whole. A request to another host is noted and goes nowhere."""
        visit = cls(browser.new_page(viewport={"width": 1280, "height": 1600}), url)
        visit.page.on("request", lambda request: visit.asked.append(request.url))
        visit.page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.route(lambda asked: urlsplit(asked).hostname != HOST, lambda route: route.abort())
        visit.page.goto(f"{url}/docs")
        expect(visit.page.locator(".opblock")).to_have_count(len(ROUTES))
        return visit


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None, "there is no browser for /docs: install chromium"
    expect.set_options(timeout=GIVE_UP_MS)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """One for all: a page takes its time to load."""
    made = House.furnished("memory://")
    with made.app:
        yield made


@pytest.fixture(scope="module")
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    """One that ends without a complaint, and without a request to anybody else."""
    with serving(house.app) as port:
        made = Visit.of(browser, f"http://{HOST}:{port}")
        yield made
        made.page.close()
    assert made.complaints == []
    elsewhere = [url for url in made.asked if not url.startswith((f"{made.url}/", "data:"))]
    assert elsewhere == []


def test_it_shows_every_route_once(visit: Visit) -> None:
    shown = visit.page.locator(".opblock").evaluate_all("blocks => blocks.map(block => block.id)")
    assert sorted(shown) == sorted(f"operations-{route.caller}-{route.name}" for route in ROUTES)


def test_a_body_is_shown_with_its_example_and_its_refusals(visit: Visit) -> None:
    block = visit.page.locator(SUBSCRIBE)
    block.locator(".opblock-summary").click()
    expect(block.locator(".body-param__example")).to_contain_text("asha@example.com")
    expect(block.locator(".responses-table")).to_contain_text("DUPLICATE_SUBSCRIPTION")


def test_a_partner_tries_a_route_with_its_key_pair(visit: Visit, house: House) -> None:
    headers = partner_headers(house)
    page = visit.page
    page.locator(".btn.authorize").first.click()
    for scheme, value in (
        ("partnerKey", headers["Authorization"].removeprefix("Bearer ")),
        ("partnerSecret", headers["X-Partner-Secret"]),
    ):
        form = page.locator(".auth-container", has=page.locator(f"code:text-is('{scheme}')"))
        form.locator("input").fill(value)
        form.locator("button.authorize").click()
    page.locator(".modal-ux-header .close-modal").click()

    block = page.locator(TEMPLATES)
    block.locator(".opblock-summary").click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()

    expect(block.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    expect(block.locator(".live-responses-table .highlight-code").last).to_contain_text("NIFTY weekly iron condor")
