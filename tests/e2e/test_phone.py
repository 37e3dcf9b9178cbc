"""/demo/phone in a real Chromium, in front of the real demo: by key and by voice."""

from __future__ import annotations

import os
import shutil
import wave
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Request, ViewportSize, async_playwright

from ivr.speech.decoding import decoded
from tests.api.cli.conftest import SCRIPT
from tests.api.started import Started, started
from tests.bench.engines import free_port
from tests.e2e.conftest import ARGUMENTS, NAMES, Phone

pytestmark = pytest.mark.asyncio(loop_scope="session")
RECORDING = Path(__file__).parent.parent / "ivr" / "recordings" / "very-satisfied.amr"
SCREEN = ViewportSize(width=375, height=667)
RATE = 48_000


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Started]:
    folder, port = tmp_path_factory.mktemp("phone"), free_port()
    shutil.copy(migrated_file, folder)
    command: list[str | Path] = [SCRIPT, "demo", "--data", folder, "--port", str(port)]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("HAOCHAPING_")
    }
    with started(command, environment, port, folder) as service:
        yield service


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, demo: Started) -> AsyncIterator[Phone]:
    context = await browser.new_context(viewport=SCREEN, has_touch=True, is_mobile=True)
    yield await opened(context, demo)
    await context.close()


async def opened(context: BrowserContext, demo: Started) -> Phone:
    phone = Phone(await context.new_page(), f"http://127.0.0.1:{demo.port}")

    def note(asked: Request) -> None:
        phone.asked.append(asked.url)

    phone.page.on("request", note)
    await phone.open("/demo/phone")
    return phone


async def kept(phone: Phone) -> str:
    """What the page shows of it."""
    await phone.page.locator("#kept").wait_for()
    return await phone.page.locator("#kept").inner_text()


async def test_a_key_during_the_prompt_and_then_hanging_up(phone: Phone) -> None:
    await phone.must_be_sound()
    assert await phone.page.locator("#keys button").first.is_disabled()
    await phone.page.select_option("#hotline", "CA-P1")
    await phone.tap("#dial")
    await phone.page.get_by_text("麦克风没有打开").wait_for()
    await phone.must_be_sound()
    async with phone.page.expect_response("**/demo/phone/calls/*"):
        await phone.page.keyboard.press("2")
        await phone.tap("#hangup")
    text = await kept(phone)
    assert "不满意" in text
    assert "差评工单" in text
    await phone.must_be_sound()
    await phone.page.get_by_text("查看评价回执").click()
    assert "热线" in await phone.text()


async def test_hung_up_before_a_level(phone: Phone) -> None:
    await phone.page.select_option("#hotline", "YX-P1")
    await phone.tap("#dial")
    await phone.page.get_by_text("麦克风没有打开").wait_for()
    await phone.tap("#hangup")
    assert "满意程度" not in await kept(phone)
    assert "没有完成评价" in await phone.page.get_by_role("status").inner_text()


async def test_what_is_tapped_is_large_enough(phone: Phone) -> None:
    for each in await phone.page.locator("button:visible, select").all():
        box = await each.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 44


async def test_what_is_not_there(demo: Started) -> None:
    for body, status in (
        ({"hotline": "CA-P9"}, 404),
        ({"hotline": "CA-P2"}, 404),
        ({"hotline": 5}, 422),
        ({}, 422),
        ("{", 400),
    ):
        assert demo.ask("POST", "/demo/phone/calls", body)[0] == status, body
    for path in ("calls/x", "calls/00000000-0000-4000-8000-000000000000", "x.js"):
        assert demo.ask("GET", f"/demo/phone/{path}")[0] == 404, path
    call = demo.json("POST", "/demo/phone/calls", {"hotline": "CA-P1", "queue": "粤语"})
    assert demo.json("GET", f"/demo/phone/calls/{call['uuid']}") == {
        "answered": False,
        "ended": False,
        "level": None,
        "words": None,
        "order": None,
        "receipt": None,
    }


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
async def test_the_microphone_folds_nothing_back(phone: Phone, rate: int) -> None:
    """Tones come through as loud as they were where a telephone carries them, and not at all where
    they would be heard as others."""
    for hertz, low, high in ((440, 0.95, 1.05), (3_000, 0.9, 1.1), (5_000, 0, 0.01)):
        level = await phone.page.evaluate(_THROUGH_THE_MICROPHONE, [rate, hertz])
        assert low <= level <= high, hertz


_THROUGH_THE_MICROPHONE = """async ([rate, hertz]) => {
  const context = new OfflineAudioContext(1, 2 * rate, rate)
  await context.audioWorklet.addModule("/demo/phone/microphone.js")
  const microphone = new AudioWorkletNode(context, "microphone")
  const frames = []
  microphone.port.onmessage = ({ data }) => frames.push(...new Int16Array(data))
  const tone = new OscillatorNode(context, { frequency: hertz })
  tone.connect(microphone).connect(context.destination)
  tone.start()
  await context.startRendering()
  await new Promise((on) => setTimeout(on))
  if (frames.length < 15_000) throw new Error(`${frames.length} samples`)
  const middle = frames.slice(4000, 12_000)
  const power = middle.reduce((sum, each) => sum + (each / 32768) ** 2, 0) / middle.length
  return Math.sqrt(2 * power)
}"""


async def test_by_voice_to_the_last_prompt(demo: Started, tmp_path: Path) -> None:
    """The service hangs up, once the thanks were played."""
    said = await decoded(RECORDING.read_bytes(), RATE)
    with wave.open(str(tmp_path / "said.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        # Chromium says it again and again.
        file.writeframes(said + bytes(2 * RATE * 2))
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.skip("no Chromium on the PATH")
    arguments = (
        *ARGUMENTS,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={tmp_path / 'said.wav'}",
    )
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=arguments)
        phone = await opened(await browser.new_context(viewport=SCREEN), demo)
        await phone.page.select_option("#hotline", "CA-P1")
        await phone.tap("#dial")
        await phone.page.get_by_text("请按提示音说或按键").wait_for()
        assert "非常满意" in await kept(phone)
        assert "评价已保存" in await phone.page.get_by_role("status").inner_text()
        await browser.close()
