"""The look at the links of a built site."""

import pytest

from docs.making.links import faults


@pytest.fixture
def site(tmp_path):
    (tmp_path / "a.html").write_text('<h1 id="top">A</h1><a href="sub/b.html#there">b</a><a href="#top">up</a>')
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.html").write_text(
        '<p id="there"><a href="../a.html">a</a><a href="https://x.invalid">x</a></p>'
    )
    return tmp_path


def test_a_site_whose_links_lead_somewhere_has_no_faults(site):
    assert faults(site) == (2, [])


@pytest.mark.parametrize("url", ["c.html", "sub/b.html#gone", "#gone", "sub/b.html?x#gone"])
def test_a_link_that_leads_nowhere_is_told_with_its_page(site, url):
    (site / "a.html").write_text(f'<a href="{url}">?</a>')
    assert faults(site)[1] == [f"a.html: {url} leads nowhere"]


def test_what_a_page_fetches_from_elsewhere_is_told(site):
    (site / "a.html").write_text('<script src="https://cdn.invalid/x.js"></script>')
    assert faults(site)[1] == ["a.html: fetches https://cdn.invalid/x.js from elsewhere"]
