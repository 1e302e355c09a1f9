"""The frame of the console in a real browser: keys, palette, dialogs, toasts, colours."""

import pytest

pytestmark = pytest.mark.journey
STYLE = "/console/style/"


def focused(page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def test_the_style_page_has_nothing_axe_objects_to(signed_in, check_axe):
    for mode in ("light", "dark"):
        for width in (1280, 768, 360):
            page = signed_in("dora", width=width, mode=mode)
            for url in (STYLE, f"{STYLE}?mode=portal"):
                page.goto(url)
                check_axe(page)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (url, width)


def test_one_key_moves_selects_and_extends(signed_in):
    page = signed_in("dora")
    page.goto(STYLE)
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == "Cannot sign in since this morning"
    page.keyboard.press("k")
    page.keyboard.press("x")
    page.keyboard.press("Shift+J")
    assert page.locator(".row__check:checked").count() == 2


def test_keys_do_nothing_while_somebody_types_and_can_be_switched_off(signed_in, people):
    page = signed_in("dora")
    page.goto(STYLE)
    page.fill("#sample-reply", "just ")
    page.locator("#sample-reply").press_sequentially("jk?")
    assert page.input_value("#sample-reply") == "just jk?"
    assert not page.locator("#keys-dialog").is_visible()

    type(people.dora).objects.filter(pk=people.dora.pk).update(preferences={"keys": "off"})
    page.goto(STYLE)
    page.keyboard.press("?")
    assert not page.locator("#keys-dialog").is_visible()
    page.keyboard.press("Control+k")
    assert page.locator("#palette").is_visible()


def test_the_palette_finds_by_letters_and_gives_the_focus_back(signed_in, check_axe):
    page = signed_in("dora")
    page.goto(STYLE)
    page.keyboard.press("j")
    before = focused(page)
    page.keyboard.press("Control+k")
    check_axe(page)
    page.keyboard.type("shky")
    chosen = page.locator(f"#{page.get_attribute('#palette-input', 'aria-activedescendant')}")
    assert "Show the keys" in chosen.text_content()
    page.keyboard.press("Escape")
    assert focused(page) == before
    page.keyboard.press("Control+k")
    page.keyboard.type("show the keys")
    page.keyboard.press("Enter")
    assert page.locator("#keys-dialog").is_visible()
    check_axe(page)


def test_the_palette_offers_a_place_once_though_the_server_knows_it_too(signed_in):
    page = signed_in("dora")
    page.goto("/console/accounts/")
    page.keyboard.press("Control+k")
    page.keyboard.type("prob")
    page.locator("#palette [role=option]", has_text="Search everything for").wait_for()
    found = page.locator("#palette [role=option] .cut:first-child").all_text_contents()
    assert found.count("Problems") == 1


def test_a_dialog_takes_the_focus_and_returns_it(signed_in, check_axe):
    page = signed_in("dora")
    page.goto(STYLE)
    page.focus("[data-dialog=sample-dialog]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('dialog')?.id") == "sample-dialog"
    check_axe(page)
    page.keyboard.press("Escape")
    assert focused(page) == "Open a dialog"


def test_a_toast_offers_undo_and_is_announced_once(signed_in, check_axe):
    page = signed_in("dora")
    page.goto(STYLE)
    page.click("[data-toast]")
    toast = page.locator(".toast")
    assert "Assigned to Dora." in toast.text_content()
    assert toast.get_by_role("button", name="Undo").is_visible()
    page.locator("#said", has_text="Assigned to Dora.").wait_for(state="attached")
    check_axe(page)
    box = toast.bounding_box()
    assert box["y"] > 600


def test_colours_and_rows_are_remembered_without_a_flash(signed_in):
    page = signed_in("dora")
    page.goto(STYLE)
    page.click(".topbar details summary")
    page.click("[data-theme-to=dark]")
    page.locator(".filterbar [data-density-to=comfortable]").click()
    page.reload()
    root = page.locator("html")
    assert root.get_attribute("data-theme") == "dark"
    assert root.get_attribute("data-density") == "comfortable"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(234, 232, 226)"


def test_without_connection_a_banner_says_so(signed_in):
    page = signed_in("dora")
    page.goto(STYLE)
    page.context.set_offline(True)
    page.wait_for_selector("#offline:not([hidden])")
    page.context.set_offline(False)
    page.wait_for_selector("#offline", state="hidden")
