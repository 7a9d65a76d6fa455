"""The network as a moving picture: what is in it, its size, its bytes, and what is refused."""

from __future__ import annotations

import stat

import pytest
from PIL import Image

from sim import scenario, simulate
from sim.dates import date_of
from sim.errors import InputError
from sim.figures import style
from sim.figures.animation import check_film, gif, mp4
from sim.runs.moments import moments, months_shown
from sim.studies.animation import animate
from tests.offenders import each_of

pytestmark = pytest.mark.slow

SHORT = "setting.until=2014-08"


@pytest.fixture(scope="module")
def run():
    return simulate(scenario("historical", overrides={"setting.until": "2014-08"}), seed=1)


@pytest.mark.simulates
@pytest.mark.parametrize("step", [1, 3])
def test_moments_go_from_a_year_before_the_launch_to_the_end(run, step):
    months = months_shown(run, step)
    assert (date_of(months[-1] - 1), months[1] - months[0]) == ("2014-08", step)
    launch = int(run.events["month"].iloc[0])
    assert 0 <= months[0] - (launch - 12) < step


@pytest.mark.simulates
def test_moments_have_the_network_of_the_run_and_every_event_once(run):
    shown = list(moments(run, 3))
    last = shown[-1]
    assert (last.date, last.passed) == ("2014-08", 1.0)
    assert dict(last.graph.nodes.data()) == dict(run.network().nodes.data())
    assert list(last.graph.edges.data()) == list(run.network().edges.data())
    events = [event for each in shown for event in each.events]
    assert events == [f"{date} {style.plain(event)}" for _, date, event in run.events.itertuples(index=False)]
    assert shown[0].before == ""


@pytest.mark.program
def test_a_film_is_small_and_has_the_same_bytes_again(command, tmp_path):
    files = [tmp_path / "a.gif", tmp_path / "deep" / "b.gif"]
    for file in files:
        done = command("animate", "scenario=historical", SHORT, f"out={file}")
        assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{files[1]}: 8 images, ")
    assert files[0].read_bytes() == files[1].read_bytes()
    with Image.open(files[0]) as film:
        assert (film.n_frames, film.size, film.info["loop"]) == (8, (720, 800), 0)
    assert files[0].stat().st_size < 5_000_000 / 36 * 8  # so that the 36 images of a whole run have less than 5 MB


def images(count: int = 3):
    return [Image.new("RGB", (8, 6), (255 - place, 255, 255)) for place in range(count)]


def test_images_that_are_seen_long_are_seen_long(tmp_path):
    (tmp_path / "a.gif").write_bytes(gif([*images(2), Image.new("RGB", (8, 6), "black")], 200, 3000))
    with Image.open(tmp_path / "a.gif") as film:
        seen = []
        for frame in range(film.n_frames):
            film.seek(frame)
            seen.append(film.info["duration"])
    assert sum(seen) == 3400
    assert seen[-1] == 3000


def pretended(folder, script: str, monkeypatch) -> None:
    """A program called ffmpeg that does as the script says."""
    path = folder / "ffmpeg"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.program
def test_ffmpeg_is_given_every_image_and_the_last_one_as_long_as_it_is_seen(tmp_path, monkeypatch):
    pretended(tmp_path, 'for last; do :; done; cat > "$last"', monkeypatch)
    check_film(tmp_path / "a.mp4")
    assert len(mp4(images(3), 200, 600)) == (3 + 2) * 8 * 6 * 3


@pytest.mark.program
def test_what_ffmpeg_says_last_is_said(tmp_path, monkeypatch):
    pretended(tmp_path, "cat > /dev/null; echo no encoder >&2; exit 1", monkeypatch)
    with pytest.raises(InputError, match=r"^ffmpeg failed: no encoder; "):
        mp4(images(), 200, 600)


def test_an_mp4_without_ffmpeg_is_refused_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match=r"^the program ffmpeg is not installed, "):
        check_film(tmp_path / "a.mp4")


@each_of(
    ("options", "sentence"),
    [
        ({"path": "a.avi"}, "`out` must end with .gif or .mp4; got "),
        ({"path": 5}, "the place for results must be a path; got 5"),
        ({"by": "week"}, "`by` must be one of quarter, month; got 'week'"),
        ({"least": 2}, "`least` must lie between 0 and 1 [share]; got 2"),
        ({"least": "much"}, "`least` must lie between 0 and 1 [share]; got 'much'"),
        ({"seed": -1}, "`seed` must be a whole number from 0; got -1"),
        ({"scenario": "nothing"}, "unknown scenario `nothing`"),
        ({"overrides": 5}, "`overrides` must hold parameters by dotted name; got 5"),
    ],
    ids=str,
)
def test_wrong_options_are_refused_in_one_sentence(tmp_path, monkeypatch, options, sentence):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as mistake:
        animate(**({"overrides": {"setting.until": "2014-08"}} | options))
    assert sentence in str(mistake.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.program
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("by=week", "`by` must be one of quarter, month; got 'week'"),
        ("out={tmp}/file/a.gif", "cannot be written: it is a file, not a folder"),
        ("colour=red", "unknown key `colour`"),
    ],
)
def test_a_wrong_command_ends_in_one_sentence(command, tmp_path, wrong, message):
    (tmp_path / "file").write_text("in the way")
    done = command("animate", SHORT, wrong.format(tmp=tmp_path))
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
