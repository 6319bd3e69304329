"""A curator's hands on a page: every key, click and selection is counted, as the browser itself notices it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Browser, Locator, Page

from quotes.curation import add_snapshot
from quotes.models import Article, Snapshot
from tests import factories

COUNTER = """
addEventListener('keydown', (event) => { if (event.isTrusted) { window.qbCount('keys', event.key); } }, true);
addEventListener('pointerdown', (event) => { if (event.isTrusted) { window.qbCount('clicks', ''); } }, true);
"""

# Nobody and nothing in it exists.
STORY = """The harbour office of Port Tarn will put listening lamps on forty piers this winter.

“The lamps hear engines and nothing else,” Neva Corrin, a spokesperson for the harbour office, said. \
“They forget every sound within a minute.”

“A lamp that listens is a microphone with a light on it,” said Ottoline Varga, director of Lantern Watch.

“Nobody asked the people who sleep above those piers,” Varga added.

Bram Tesseld, a former inspector of the office, said the lamps had been tried once before and had failed.

He called the new contract “a fishing licence for every conversation on the quay”.

“My children talk under those lamps,” said Ilka Mornay, who leads the Dock Row Tenants.

“I want to know who reads the list,” Mornay said.

“We will publish the count of recordings each month,” Corrin said.
"""
SPLIT = ["The lamps hear engines and nothing else,", "They forget every sound within a minute."]
WATCH = "A lamp that listens is a microphone with a light on it,"


class Hands:
    """Keys, clicks and selections of one curator. A chord counts each of its keys: Control+Enter is two."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = self.clicks = self.selections = 0
        self.pressed: list[str] = []
        page.expose_function("qbCount", self._count)
        page.add_init_script(COUNTER)

    def _count(self, what: str, key: str) -> None:
        self.keys += what == "keys"
        self.clicks += what == "clicks"
        self.pressed += [key] if what == "keys" else []

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def click(self, target: Locator) -> None:
        target.click()

    def drag_over(self, root: str, words: str) -> None:
        """Select the words with the mouse; the press of its button is a part of the selection, and no click."""
        self.page.evaluate(SCROLL_TO, [root, words])
        (x1, y1), (x2, y2) = self.page.evaluate(PLACE_OF, [root, words])
        before = self.clicks
        self.page.mouse.move(x1, y1)
        self.page.mouse.down()
        self.page.mouse.move(x2, y2, steps=4)
        self.page.mouse.up()
        self.page.evaluate("0")
        self.clicks = before
        self.selections += 1

    def reach(self, words: str) -> None:
        """Go to the sentence of these words with the arrows, as one who looks at the page does."""
        step = "ArrowDown"
        for _ in range(12):
            self.press(step)
            selected = self.page.evaluate("document.getSelection().toString()")
            if words in selected:
                return
            step = "ArrowDown" if STORY.index(selected[:20]) < STORY.index(words) else "ArrowUp"
        raise AssertionError(f"the arrows do not reach {words!r}")

    def counts(self) -> dict[str, int]:
        self.page.evaluate("new Promise((resolve) => setTimeout(resolve, 50))")
        return {"keys": self.keys, "clicks": self.clicks, "selections": self.selections}


_FIND = """
const nodes = [];
const walker = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_TEXT);
let whole = '';
for (let node = walker.nextNode(); node; node = walker.nextNode()) { nodes.push([node, whole.length]); whole += node.data; }
const at = whole.indexOf(words);
if (at < 0) { throw new Error('not in the text: ' + words); }
const point = (unit) => { const [node, from] = nodes.findLast(([, start]) => start <= unit); return [node, unit - from]; };
const last = (unit) => { const [node, from] = nodes.findLast(([, start]) => start < unit); return [node, unit - from]; };
const range = document.createRange();
range.setStart(...point(at));
range.setEnd(...last(at + words.length));
"""
SELECT = f"([root, words]) => {{ {_FIND} const s = document.getSelection(); s.removeAllRanges(); s.addRange(range); }}"
SCROLL_TO = f"""([root, words]) => {{ {_FIND} const box = document.querySelector(root); box.scrollIntoView({{block: 'nearest'}});
    box.scrollTop += range.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3; }}"""
PLACE_OF = f"""([root, words]) => {{ {_FIND} const rows = [...range.getClientRects()].filter((row) => row.width > 0);
    const [first, end] = [rows[0], rows.at(-1)];
    return [[first.left + 0.5, first.top + first.height / 2], [end.right - 0.5, end.top + end.height / 2]]; }}"""


def select(page: Page, words: str, root: str = "#wb-text") -> None:
    page.evaluate(SELECT, [root, words])


def make_user(name: str, *groups: str, **fields: Any) -> User:
    user = User.objects.create_user(name, is_staff=True, **fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def log_in(page: Page, user: User, address: str) -> None:
    """With a session of the server's, as after the form."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])


def another_window(browser: Browser, address: str, user: User) -> Page:
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 720})
    page = context.new_page()
    log_in(page, user, address)
    return page


def open_workbench(page: Page, article: Article, query: str = "") -> None:
    page.goto(f"/admin/quotes/article/{article.pk}/workbench/{query}")
    page.locator("#wb[data-ready=yes]").wait_for()


def is_saved(page: Page) -> None:
    """Wait until everything that was to be saved is."""
    page.locator("#wb[data-unsent='0']").wait_for()
    page.evaluate("new Promise((resolve) => setTimeout(resolve))")
    page.locator("#wb[data-unsent='0']").wait_for()


def reload(page: Page) -> None:
    page.reload()
    page.locator("#wb[data-ready=yes]").wait_for()


def make_article_of(text: str, **fields: Any) -> Snapshot:
    article = factories.make_article(published="2025-03-04", **fields)
    return add_snapshot(article=article, text=text, actor=None)


def make_story() -> Snapshot:
    """The harbour's story, three of whose four speakers are known."""
    office = factories.make_organization("harbour-office", name="Port Tarn Harbour Office")
    watch = factories.make_organization("lantern-watch", name="Lantern Watch", kind="advocacy")
    factories.make_organization("dock-row-tenants", name="Dock Row Tenants", kind="advocacy")
    neva = factories.make_person("Neva Corrin", sort_name="Corrin, Neva", slug="neva-corrin")
    factories.make_affiliation(neva, office, "spokesperson", start="2021")
    ottoline = factories.make_person("Ottoline Varga", sort_name="Varga, Ottoline", slug="ottoline-varga")
    factories.make_affiliation(ottoline, watch, "director", start="2019")
    bram = factories.make_person("Bram Tesseld", sort_name="Tesseld, Bram", slug="bram-tesseld")
    factories.make_affiliation(bram, office, "inspector", start="2012", end="2018")
    factories.make_topic("listening-lamps", proposition="The listening lamps should be put up.")
    return make_article_of(STORY, title="Lamps that listen", slug="lamps-that-listen")
