"""Every screen of the admin: accessible by axe-core's rules, within the policy, and usable on a small laptop and enlarged.

One visit serves all checks. They are rules for pages, not for single ones: a screen that is added joins `addresses()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pghistory
import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import CDPSession, Page

from quotes.curation import make_token
from quotes.models import (
    ApiToken,
    Article,
    CodingRound,
    DoubtfulSpeaker,
    Evidence,
    Import,
    Merge,
    Person,
    Quote,
    QuoteAffiliation,
    Topic,
)
from tests import factories
from tests.admin.conftest import client_of, make_one_of_each
from tests.admin.forms import url

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a long enough password"
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
GRAVE = {"serious", "critical"}

# Rule, and the beginning of the element's selector: what Django's own pages do, and why it stays.
KNOWN = {("label-title-only", "#searchbar"): "its label is an image whose alternative text is “Search”"}

RUN_AXE = """async rules => {
    // Colours of a theme fade in.
    await Promise.all(document.getAnimations().map(one => one.finished));
    // What axe loads ahead, it would put into style elements, which the policy refuses.
    const options = {resultTypes: ['violations'], preload: false, ...(rules ? {runOnly: rules} : {})};
    const {violations} = await axe.run(document, options);
    return violations.flatMap(({id, impact, nodes}) => nodes.map(({target, failureSummary}) =>
        ({rule: id, impact, target: target.flat().join(' '), why: failureSummary})));
}"""

# What one may click or type in, and which of it lies under something else when it is scrolled to.
FIND_COVERED = """() => {
    const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, .select2-selection';
    const isHidden = one => one.closest('.skip-to-content-link, .select2-hidden-accessible, .visually-hidden')
        || !one.checkVisibility({visibilityProperty: true, opacityProperty: true});
    const covered = [];
    for (const one of document.querySelectorAll(wanted)) {
        if (isHidden(one)) {
            continue;
        }
        one.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
        const box = one.getClientRects()[0];
        if (!box || !box.width || !box.height) {
            continue;
        }
        const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        if (!hit || !(one.contains(hit) || hit.contains(one) || hit.closest('label')?.control === one)) {
            covered.push(`${one.outerHTML.slice(0, 120)} under ${hit ? hit.outerHTML.slice(0, 80) : 'nothing'}`);
        }
    }
    window.scrollTo(0, 0);
    return covered;
}"""

WIDTH = "document.documentElement.scrollWidth"
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && one.checkVisibility())
    .slice(-3).map(one => one.outerHTML.slice(0, 120))"""


@dataclass(frozen=True)
class Screens:
    """A browser window, and what it finds against the screens that it visits."""

    page: Page
    zoom: CDPSession
    found: list[str]

    def visit(self, address: str) -> None:
        answer = self.page.goto(address)
        if answer is None or answer.status != 200:
            self.found.append(f"{address}: answers {answer and answer.status}")
        self.look(address)

    def look(self, name: str) -> None:
        """Look at the page as it is, from all sides."""
        self._size(1280, 720)
        self.page.emulate_media(color_scheme="light")
        self.check(f"{name} (light)", None)
        self._room(f"{name} at 1280 × 720", 1280)
        self.page.emulate_media(color_scheme="dark")
        self.check(f"{name} (dark)", ["color-contrast"])
        # 200 % of zoom on that window: half as many pixels of CSS.
        self._size(640, 360)
        self._room(f"{name} at 200 %", 640)

    def _size(self, width: int, height: int) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1280 / width, "mobile": False}
        self.zoom.send("Emulation.setDeviceMetricsOverride", metrics)

    def check(self, name: str, rules: list[str] | None) -> None:
        """Let axe look, by all rules or by these."""
        if not self.page.evaluate("'axe' in window"):
            # As a debugger does: the policy is for what pages run.
            self.page.evaluate(AXE)
        for violation in self.page.evaluate(RUN_AXE, rules):
            if violation["impact"] in GRAVE and not _is_known(violation):
                self.found.append(f"{name}: {violation['rule']} at {violation['target']}: {violation['why']}")

    def _room(self, name: str, width: int) -> None:
        assert self.page.evaluate("innerWidth") == width
        wide = self.page.evaluate(WIDTH)
        if wide > width:
            self.found.append(f"{name}: {wide} wide: {self.page.evaluate(TOO_WIDE)}")
        self.found.extend(f"{name}: {covered}" for covered in self.page.evaluate(FIND_COVERED))


def _is_known(violation: dict[str, str]) -> bool:
    return any(rule == violation["rule"] and violation["target"].startswith(start) for rule, start in KNOWN)


@pytest.fixture
def screens(page: Page, complaints: list[str]) -> Iterator[Screens]:
    """A window in which a superuser is logged in; at the end nothing may have been found, or complained of."""
    client = client_of(User.objects.create_superuser("editor", password=PASSWORD))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.goto("/livez")
    page.context.add_cookies([cookie | {"url": page.url}])
    found: list[str] = []
    yield Screens(page, page.context.new_cdp_session(page), found)
    assert not found, "\n".join(found)
    assert not complaints, "\n".join(complaints)


def models() -> list[Any]:
    return [model for model in admin.site._registry if model._meta.app_label == "quotes" and model is not ApiToken]


def test_lists(screens: Screens) -> None:
    make_one_of_each()
    for model in models():
        screens.visit(url(model, "changelist"))


def test_forms_of_new_records(screens: Screens) -> None:
    article = make_one_of_each()[Article]
    for model in models():
        if model not in {Quote, QuoteAffiliation, Evidence, DoubtfulSpeaker, Merge}:
            screens.visit(url(model, "add"))
    screens.visit(f"{url(Quote, 'add')}?article={article.pk}")
    screens.visit(f"{url(Person, 'add')}?_popup=1")


def test_forms_of_records(screens: Screens) -> None:
    for record in make_one_of_each().values():
        if type(record) in admin.site._registry:
            screens.visit(url(record, "change"))


def test_other_pages_of_records(screens: Screens) -> None:
    records = make_one_of_each()
    quote: Any = records[Quote]
    screens.visit(url(quote, "history"))
    screens.visit(url(records[Person], "delete"))
    screens.visit(url(records[Evidence], "delete"))
    screens.visit(url(quote, "withdraw"))
    screens.visit("/admin/")
    screens.visit("/admin/quotes/")
    screens.visit("/admin/password_change/")


def test_screens_of_curation(screens: Screens) -> None:
    records = make_one_of_each()
    quote: Any = records[Quote]
    topic: Any = records[Topic]
    person, number = records[Person].pk, records[CodingRound].pk
    factories.make_snapshot(records[Article], "“The lamps listen,” Neva Corrin said. “Ask them.”")
    Quote.objects.filter(pk=quote.pk).update(status="in_review")
    for name, *arguments in (
        ("quotes_article_workbench", records[Article].pk),
        ("quotes_article_new",),
        ("quotes_inbox",),
        ("quotes_quote_review", quote.pk),
        ("quotes_codinground_code", number),
        ("quotes_codinground_disagreements", number),
        ("quotes_codinground_adjudicate", number),
        ("quotes_codinground_close", number),
    ):
        screens.visit(reverse(f"admin:{name}", args=arguments))
    screens.visit(f"{reverse('admin:quotes_codinground_code', args=[number])}?topic={topic.slug}")
    merging = reverse("admin:quotes_person_merge")
    screens.visit(merging)
    screens.visit(f"{merging}?first={person}&second={factories.make_person('Neva Corrin').pk}")


def test_pages_of_imports(screens: Screens, settings: Any, tmp_path: Path) -> None:
    settings.UPLOADS_FOLDER = tmp_path
    batch = factories.make_import(file_name="quotes-2019.json", format="quotebank", rows=20_000, status="staged")
    doubt = factories.make_doubtful_speaker(batch, wikidata_ids=["Q900001", "Q900002"])
    for number, slug in enumerate(("ottoline", "ottoline-2")):
        person = factories.make_person("Ottoline Varga", slug=slug, aliases=["O. Varga"])
        factories.make_affiliation(person, factories.make_organization(), start="2019")
        quote = factories.make_quote(source_type="unnamed", source_label="Ottoline Varga")
        told = {"probas": [["Ottoline Varga", 0.7], ["None", 0.3]]}
        factories.make_imported_row(quote, batch=batch, row=number + 2, doubt=doubt, probability=0.7, told=told)
    worked_on = factories.make_import(source="others", options={"status": "draft"})
    decided = factories.make_doubtful_speaker(worked_on, speaker_slug="ottoline", decided_at="2026-11-02T09:00:00Z")
    with pghistory.context(user="somebody"):
        Quote.objects.update(cue="claimed")
    for model in (Import, DoubtfulSpeaker):
        screens.visit(url(model, "changelist"))
    for record in (batch, worked_on, doubt, decided):
        screens.visit(url(record, "change"))
        screens.visit(url(record, "history"))
    for page in ("decide", "take_back"):
        screens.visit(url(doubt if page == "decide" else batch, page))
    for page in ("change", "review"):
        screens.visit(url(quote, page))
    screens.visit(f"{url(Quote, 'changelist')}?import={batch.pk}")
    screens.visit("/admin/quotes/inbox/")

    text = "text,speaker_name,url,headline,standing\nPut them out.,Bertil Quill,https://gazette.example/1,The vote,{}\n"
    for standing in ("", "formerly"):
        screens.visit(reverse("admin:quotes_import_new"))
        file: Any = {"name": "notes.csv", "mimeType": "text/csv", "buffer": text.format(standing).encode()}
        screens.page.locator("#id_file").set_input_files(file)
        screens.page.get_by_role("button", name="Look at it").click()
        screens.page.get_by_role("heading", name="What would become of the file").wait_for()
        screens.page.locator(".qb-otherwise").evaluate("one => { one.open = true; }")
        screens.look(f"what would become of a file: {standing}")


def test_pages_of_tokens(screens: Screens) -> None:
    token, _ = make_token(user=User.objects.get(), name="nightly import")
    for page in ("changelist", "add", "change", "revoke"):
        screens.visit(url(token, page))
    screens.page.goto(url(ApiToken, "add"))
    screens.page.get_by_label("Name:").fill("laptop")
    screens.page.locator("input[name=_save]").click()
    screens.page.locator("#qb-token").wait_for()
    screens.look("a new token")


def test_what_a_form_says(screens: Screens) -> None:
    """Errors, what changed meanwhile, what is kept in the browser, that one is logged out."""
    records = make_one_of_each()
    quote, person = records[Quote], records[Person]
    page = screens.page
    page.goto(url(quote, "change"))
    page.locator("#id_cue").fill("claimed")
    page.locator("#id_words").fill("Nobody said this.")
    Quote.objects.update(cue="told", framing="wearily")
    page.locator("input[name=_save]").first.click()
    page.locator("#qb-meanwhile").wait_for()
    screens.look("changed meanwhile")

    page.goto(url(person, "change"))
    page.locator("#id_name").fill("Somebody Else")
    page.wait_for_function("() => Object.keys(localStorage).some(key => key.includes('/admin/quotes/person/'))")
    page.goto(url(person, "change"))
    page.get_by_role("button", name="Restore").wait_for()
    page.locator("#id_name").fill("Somebody Else Again")
    page.context.clear_cookies()
    page.locator("input[name=_save]").first.click()
    page.get_by_text("You are logged out").wait_for()
    screens.look("kept and logged out")
    screens.visit("/admin/login/")


def test_the_themes_of_the_switch(screens: Screens) -> None:
    """Chosen by hand, against what the system prefers."""
    quote = make_one_of_each()[Quote]
    screens.page.goto(url(quote, "change"))
    for theme, preferred in (("light", "dark"), ("dark", "light")):
        screens.page.emulate_media(color_scheme=preferred)  # type: ignore[arg-type]
        screens.page.evaluate("theme => localStorage.setItem('theme', theme)", theme)
        screens.page.reload()
        screens.check(f"{theme} by hand", ["color-contrast"])


def test_the_checks_find_what_they_are_for(page: Page) -> None:
    screens = Screens(page, page.context.new_cdp_session(page), [])
    page.set_content("""<!doctype html><html lang=en><title>Lamps</title><main><h1>Lamps</h1>
        <input name=unnamed><p style="color: #ccc">pale</p><p style="width: 700px">wide</p>
        <button>under</button><div style="position: fixed; inset: 0; top: 100px"></div></main>""")
    screens.look("a bad page")
    kinds = ("label at input", "color-contrast at p", "wide: [", "<button>under</button> under <div")
    assert [kind for kind in kinds if not any(kind in one for one in screens.found)] == []
