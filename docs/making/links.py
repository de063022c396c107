"""A look at a built site: each link leads somewhere, and nothing is fetched from elsewhere to show a page.

python -m docs.making.links FOLDER
"""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["faults"]

_FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}
_LINKED = {"stylesheet", "preload", "icon", "shortcut icon"}


class Page(HTMLParser):
    """What a page offers (ids) and asks for: links, and what a browser fetches by itself."""

    def __init__(self, path: Path):
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in _FETCHED and _FETCHED[tag] in given:
            self.fetched.append(given[_FETCHED[tag]])
        if tag == "link" and given.get("rel", "") in _LINKED:
            self.fetched.append(given.get("href", ""))


def faults(folder: Path) -> tuple[int, list[str]]:
    """How many pages a site has, and what is wrong with them, a line each."""
    pages = {path.resolve(): Page(path) for path in sorted(folder.rglob("*.html"))}
    found = [line for path, page in pages.items() for line in _of_page(path, page, pages)]
    return len(pages), [line.replace(f"{folder.resolve()}/", "") for line in found]


def _of_page(path: Path, page: Page, pages: dict[Path, Page]) -> list[str]:
    wrong = [f"{path}: fetches {url} from elsewhere" for url in page.fetched if urlsplit(url).netloc]
    inside = [url for url in [*page.links, *page.fetched] if not urlsplit(url).scheme and not urlsplit(url).netloc]
    return wrong + [f"{path}: {url} leads nowhere" for url in dict.fromkeys(inside) if not _leads(url, path, pages)]


def _leads(url: str, path: Path, pages: dict[Path, Page]) -> bool:
    parts = urlsplit(url)
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not parts.fragment or target.suffix != ".html":
        return target.exists()
    return target in pages and unquote(parts.fragment) in pages[target].ids


if __name__ == "__main__":
    count, wrong = faults(Path(sys.argv[1]))
    print("\n".join(wrong) if wrong else f"{count} pages, every link inside leads somewhere")
    sys.exit(bool(wrong))
