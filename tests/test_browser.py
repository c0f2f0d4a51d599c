"""The page in a real browser: headless Chromium, skipped where none is installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import page_samples
import pytest
from browser_scripts import IN_FRAMES, NOTHING, WHAT_HAPPENED
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

import quotex
from quotex import Extraction
from quotex._formats import Result
from quotex._page_files import write_pages

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
DATA = Path(os.environ.get("QUOTEX_DATA", "../shared/data"))
STOLTENBERG = DATA / "articles" / "stoltenberg-japan.txt"
PACK = Path(quotex.__file__).parent / "models" / "resources.json"

pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="no chromium and chromedriver on this machine (Debian: chromium, chromium-driver)"
)

Open = Callable[..., webdriver.Chrome]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    profile = tmp_path_factory.mktemp("profile")
    for argument in (
        "headless=new",
        "no-sandbox",  # Chromium refuses to run as root with one
        "disable-gpu",
        "disable-background-networking",
        "disable-component-update",
        "disable-dev-shm-usage",
        "no-first-run",
        f"user-data-dir={profile}",
    ):
        options.add_argument(f"--{argument}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.set_page_load_timeout(30)
    yield driver
    driver.quit()


@pytest.fixture
def show(browser: webdriver.Chrome, tmp_path: Path) -> Open:
    """Open an extraction's page in a window of the given size, with the system's light or dark."""

    def open_page(
        found: Extraction, *, width: int = 1200, height: int = 800, scheme: str = "light", at: str = ""
    ) -> Any:
        page = tmp_path / "page.html"
        page.write_text(found.to_html(title="A page"), encoding="utf-8", newline="")
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        # from an address to the same with another fragment a browser does not load again
        browser.get("about:blank")
        console(browser)
        browser.get(page.as_uri() + at)
        return browser

    return open_page


def console(browser: webdriver.Chrome) -> list[dict[str, Any]]:
    """What the console says since the last call."""
    return list(browser.get_log("browser"))  # type: ignore[no-untyped-call]


def css(browser: webdriver.Chrome, selector: str) -> list[WebElement]:
    return browser.find_elements("css selector", selector)


def texts(browser: webdriver.Chrome, selector: str) -> list[str]:
    return [element.text for element in css(browser, selector)]


def press(browser: webdriver.Chrome, *keys: str) -> None:
    for key in keys:
        ActionChains(browser).send_keys(key).perform()


def source_of(browser: webdriver.Chrome) -> str:
    return str(browser.execute_script("return document.getElementById('text').textContent"))


def focused(browser: webdriver.Chrome) -> str:
    return str(browser.execute_script("return document.activeElement.textContent"))


def colour(element: WebElement, what: str = "background-color") -> str:
    return element.value_of_css_property(what)


# a reader's way through the page


def test_the_list_says_who_is_quoted(show: Open) -> None:
    browser = show(page_samples.article())
    assert texts(browser, ".group .name") == ["Bo Reed", "Ana Lee", "Speaker not stated", "Left out"]
    assert texts(browser, ".group .role") == ["harbour plumber"]
    assert texts(browser, ".group .share") == ["46 %", "38 %", "15 %"]
    bars = [element.rect["width"] for element in css(browser, ".fill")]
    rail = css(browser, ".rail")[0].rect["width"]
    assert bars == pytest.approx([rail * share / 13 for share in (6, 5, 2)], abs=1)


def test_nothing_is_reported_on_the_console(show: Open) -> None:
    browser = show(page_samples.article())
    press(browser, "j", "k", Keys.ESCAPE)
    assert console(browser) == []


def test_a_click_on_a_speaker_shows_only_theirs(show: Open) -> None:
    browser = show(page_samples.article())
    lee = css(browser, "[data-group='0']")[0]
    lee.click()
    assert lee.get_attribute("aria-pressed") == "true"
    # all of an utterance, with what is inside it, its source and cue
    assert texts(browser, "#text .on") == [
        "It leaks,",
        "said",
        "harbour plumber Ana Lee",
        "It \N{LEFT SINGLE QUOTATION MARK}",
        "drips",
        "\N{RIGHT SINGLE QUOTATION MARK}, too.",
    ]
    assert css(browser, "#place")[0].text.endswith("of 1")
    other = css(browser, "#text .direct:not(.on)")[0]
    assert colour(other) == "rgba(0, 0, 0, 0)"
    lee.click()
    assert not css(browser, "#text .on")
    assert css(browser, "#place")[0].text.endswith("of 4")


@pytest.mark.parametrize(
    ("group", "words"),
    [("none", "Who pays?"), ("left", "\N{LEFT DOUBLE QUOTATION MARK}new\N{RIGHT DOUBLE QUOTATION MARK}")],
)
def test_the_unattributed_and_the_left_out_are_found(show: Open, group: str, words: str) -> None:
    browser = show(page_samples.article())
    css(browser, f"[data-group='{group}']")[0].click()
    press(browser, "j")
    assert focused(browser) == words
    assert css(browser, "#card .name")[0].text == {"none": "Speaker not stated", "left": "Left out: scare-quote"}[group]


def test_keys_go_from_quotation_to_quotation_and_round(show: Open) -> None:
    browser = show(page_samples.article())
    places = []
    for key in "jjjjjkk":
        press(browser, key)
        places.append(css(browser, "#place")[0].text)
    assert places == [f"{number} of 4" for number in (1, 2, 3, 4, 1, 4, 3)]
    assert focused(browser) == "the pipe had been mended twice"
    css(browser, "#next")[0].click()
    assert focused(browser) == "Who pays?"


def test_keys_keep_to_the_filter_and_escape_leaves_it(show: Open) -> None:
    browser = show(page_samples.article())
    css(browser, "[data-group='1']")[0].click()
    press(browser, "j", "j")
    assert css(browser, "#place")[0].text == "2 of 2"
    press(browser, Keys.ESCAPE)
    assert not css(browser, ".filtered")
    assert css(browser, "#place")[0].text == "3 of 4"
    press(browser, Keys.ESCAPE)
    assert css(browser, "#place")[0].text == "\N{EN DASH} of 4"
    assert not css(browser, ".chosen")


def test_the_card(show: Open) -> None:
    browser = show(page_samples.article())
    css(browser, "#text .direct")[0].click()
    assert css(browser, "#card .name")[0].text == "Ana Lee"
    assert css(browser, "#card .role")[0].text == "harbour plumber"
    facts = dict(zip(texts(browser, "#card dt"), texts(browser, "#card dd"), strict=True))
    assert facts["Cue"] == "said"
    assert facts["Source"] == "harbour plumber Ana Lee"
    assert facts["Kind"] == "direct"
    assert facts["Manner"] == "speech"
    assert facts["Decided by"] == "cue right after the words (cue-after)"
    assert facts["Confidence"] == "0.90"


def test_tab_leads_into_the_text_once_and_on(show: Open) -> None:
    browser = show(page_samples.article())
    assert len(css(browser, "#text [tabindex='0']")) == 1
    press(browser, "j", "j")
    assert len(css(browser, "#text [tabindex='0']")) == 1
    assert "solid" in colour(browser.switch_to.active_element, "outline-style")


def test_segments_source_and_cue_light_up_together(show: Open) -> None:
    browser = show(page_samples.article())
    ActionChains(browser).move_to_element(css(browser, "#text .cue")[0]).perform()
    assert texts(browser, "#text .hot")[:4] == [
        "It leaks,",
        "said",
        "harbour plumber Ana Lee",
        "It \N{LEFT SINGLE QUOTATION MARK}",
    ]
    ActionChains(browser).move_to_element(css(browser, "h1")[0]).perform()
    assert not css(browser, "#text .hot")
    press(browser, "j")
    assert texts(browser, "#text .chosen")[0] == "It leaks,"


def test_an_address_leads_to_a_speaker_or_a_quotation(show: Open) -> None:
    assert css(show(page_samples.article(), at="#s1"), "[data-group='1'][aria-pressed='true']")
    assert focused(show(page_samples.article(), at="#q3")) == "Who pays?"
    assert not css(show(page_samples.article(), at="#s99"), ".filtered")


def test_indirect_speech_and_notes_are_quieter(show: Open) -> None:
    browser = show(page_samples.article())
    assert colour(css(browser, "#text .direct")[0]) != "rgba(0, 0, 0, 0)"
    for quiet in (".indirect", ".note"):
        assert colour(css(browser, f"#text {quiet}")[0]) == "rgba(0, 0, 0, 0)"


def test_light_and_dark(show: Open) -> None:
    light = colour(css(show(page_samples.article()), "body")[0])
    browser = show(page_samples.article(), scheme="dark")
    dark = colour(css(browser, "body")[0])
    assert (light, dark) == ("rgba(255, 255, 255, 1)", "rgba(22, 24, 29, 1)")
    css(browser, "#theme")[0].click()
    assert colour(css(browser, "body")[0]) == light
    assert css(browser, "#theme")[0].get_attribute("aria-pressed") == "false"


def test_a_phone_needs_no_sideways_scrolling(show: Open) -> None:
    browser = show(page_samples.article(), width=360, height=640)
    press(browser, "j")
    width = browser.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1] == 360
    # what was chosen is above the card
    assert (
        browser.switch_to.active_element.rect["y"] - browser.execute_script("return scrollY")
        < css(browser, ".desk")[0].location["y"]
    )


def test_right_to_left_paragraphs(show: Open) -> None:
    hebrew = "\N{HEBREW LETTER SHIN}\N{HEBREW LETTER LAMED}\N{HEBREW LETTER VAV}\N{HEBREW LETTER FINAL MEM}."
    browser = show(Extraction(text=f"{hebrew}\n\nPeace."))
    assert [colour(paragraph, "direction") for paragraph in css(browser, ".p")] == ["rtl", "ltr"]


def test_the_page_prints_without_its_buttons(show: Open) -> None:
    browser = show(page_samples.article())
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": []})
    assert not any(element.is_displayed() for element in css(browser, "#next, #theme, #card"))
    assert all(element.is_displayed() for element in css(browser, ".name, .bar"))
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


# texts that are up to something


def test_hostile_texts_do_nothing_and_are_shown_as_they_are(browser: webdriver.Chrome, tmp_path: Path) -> None:
    texts_found = page_samples.hostile(200)
    browser.get("about:blank")
    console(browser)
    # frames of one page: to open two hundred one after the other takes half a minute
    for found in (texts_found[place : place + 20] for place in range(0, 200, 20)):
        pages = [extraction.to_html(title="A page") for extraction in found]
        broken, states = browser.execute_async_script(WHAT_HAPPENED + IN_FRAMES, pages)
        assert broken is None
        assert states == [{"source": extraction.text, **NOTHING} for extraction in found]
    # and some as files, through the bytes on the disk
    for extraction in texts_found[:20]:
        page = tmp_path / "page.html"
        page.write_text(extraction.to_html(title="A page"), encoding="utf-8", newline="")
        browser.get(page.as_uri())
        state = browser.execute_script(WHAT_HAPPENED + "return happened(window);")
        assert state == {"source": extraction.text, **NOTHING}
    # nothing was refused by the policy, either: nothing of theirs was ever a script
    assert console(browser) == []


# a novel


def test_a_novel_opens_and_filters(show: Open, end_of_run: list[str]) -> None:
    found = page_samples.novel(156_000)
    assert len(found.text.split()) >= 150_000
    browser = show(found)
    painted = (
        "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))"
    )
    opened = browser.execute_async_script(painted)
    filtered = browser.execute_async_script(
        """
        const done = arguments[0];
        const begun = performance.now();
        document.querySelector("[data-group]").click();
        requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));
        """
    )
    assert source_of(browser) == found.text
    end_of_run.append(f"a page of 150,000 words: opened in {opened:.0f} ms, filtered in {filtered:.0f} ms")


# several documents


def test_the_index_leads_to_the_pages(browser: webdriver.Chrome, tmp_path: Path) -> None:
    results = [Result(document=f"news/{name}.txt", extraction=page_samples.article()) for name in ("one", "two")]
    browser.get(write_pages(results, tmp_path).as_uri())
    assert texts(browser, "h1") == ["Who is quoted in 2 documents"]
    assert texts(browser, "tbody tr:first-child .name")[0] == "Bo Reed"
    find = css(browser, "#find")[0]
    find.send_keys("PLUMBER lee")
    assert [row.text.split("\n")[0] for row in css(browser, "tbody tr") if row.is_displayed()] == [
        "Ana Lee person",
        "harbour plumber",
    ]
    find.clear()
    find.send_keys(" ")
    documents = css(browser, "section:last-of-type .sort")[0]
    documents.click()
    documents.click()
    assert [link.text for link in css(browser, "section:last-of-type tbody td:first-child a")] == ["two.txt", "one.txt"]
    css(browser, "tbody tr:first-child a")[0].click()
    assert css(browser, "[data-group='1'][aria-pressed='true']")
    assert texts(browser, ".back") == ["All documents"]


# the issue's own article


@pytest.mark.model
@pytest.mark.skipif(not PACK.is_file(), reason="no model pack")
@pytest.mark.skipif(not STOLTENBERG.is_file(), reason=f"no {STOLTENBERG}; QUOTEX_DATA names the folder of the data")
def test_four_quotations_of_one_speaker(show: Open) -> None:
    browser = show(quotex.extract(STOLTENBERG.read_bytes().decode()))
    (group,) = css(browser, ".group:not(.h-note)")
    assert group.find_element("css selector", ".name").text == "Jens Stoltenberg"
    assert group.find_element("css selector", ".role").text == "NATO Secretary General"
    assert group.find_element("css selector", ".count").text == "4 quotations · 100 % of quoted words"
    assert (
        group.find_element("css selector", ".fill").rect["width"]
        == group.find_element("css selector", ".rail").rect["width"]
        > 100
    )
    press(browser, "j", "j", "j", "j")
    assert css(browser, "#place")[0].text == "4 of 4"
    assert len({element.get_attribute("data-q") for element in css(browser, "#text [data-q]")}) == 4
