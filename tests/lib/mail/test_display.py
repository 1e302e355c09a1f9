"""HTML of strangers: what is left of it can show words and the mail's own pictures, nothing else."""

import pytest

from makegood.lib.mail.display import MAX_CHARACTERS, safe_html

PNG = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<p onclick=alert(1)>x</p>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<iframe src=https://evil.example></iframe>",
        "<object data=x></object><embed src=x>",
        "<form action=https://evil.example><input name=password></form>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<base href=https://evil.example>",
        "<link rel=stylesheet href=https://evil.example/x.css>",
        "<style>body{background:url(https://evil.example)}</style>",
        "<p style='background:url(https://evil.example)'>x</p>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' data:text/html,x'>x</a>",
        "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
        "<p style='position:fixed;top:0'>x</p>",
    ],
)
def test_nothing_that_acts_or_fetches_is_left(hostile):
    shown = safe_html(hostile, pictures={}).html.lower()
    for word in (
        "<script",
        "onclick",
        "<iframe",
        "<object",
        "<form",
        "<input",
        "<meta",
        "<base",
        "<link",
        "<style",
        "evil.example",
        "javascript:",
        'href=" data',
        "data:text",
        "svg+xml",
        "position",
    ):
        assert word not in shown


def test_pictures_from_elsewhere_are_counted_and_left_out():
    html = '<img src="https://t.example/p.gif"><img src="//t.example/q.gif"><img src="cid:logo@x" alt="Logo">'
    shown = safe_html(html, pictures={"logo@x": PNG})
    assert shown.remote_pictures == 2
    assert "t.example" not in shown.html
    assert f'<img src="{PNG}" alt="Logo">' in shown.html


def test_links_open_elsewhere_and_tell_nobody_where_from():
    shown = safe_html('<a href="https://ok.example/a">ok</a>', pictures={}).html
    assert 'target="_blank"' in shown
    assert 'rel="noopener noreferrer nofollow"' in shown


def test_words_tables_and_plain_styles_stay():
    html = '<table><tr><td colspan="2" style="color: red">Claims page</td></tr></table>'
    shown = safe_html(html, pictures={}).html
    assert "Claims page" in shown
    assert 'colspan="2"' in shown
    assert "color" in shown


def test_a_monstrous_page_is_cut():
    assert len(safe_html("<p>x</p>" * MAX_CHARACTERS, pictures={}).html) <= MAX_CHARACTERS + 100


def test_html_nested_beyond_reason_is_shown_as_its_words():
    shown = safe_html("<p>It fails.</p><script>x</script>" + "<div onclick=x>" * 30_000 + "&lt;b>", pictures={})
    assert shown.html.startswith("<pre>It fails.")
    assert "onclick" not in shown.html
    assert "<b" not in shown.html
