"""The song of a code: music whatever the answers, the same on every run, and each answer heard where it is said to be."""

import base64
import itertools
import json
import random
import struct

import numpy as np
import pytest
from django.conf import settings

from tests.browser.sound import RATE, Studio, db, lufs, mono_loss, off_slope, phone_loss, rms

SONGS = [  # answers and role: far apart, and each role once
    ([1, 2, 3, 0, 1, 2, 3, 0, 1, 0, 3, 0, 1, 2, 78], "studio"),
    ([3, 0, 2, 3, 3, 1, 4, 2, 2, 1, 0, 2, 2, 3, 255], "mix"),
    ([2, 1, 1, 1, 2, 0, 1, 3, 3, 3, 2, 1, 3, 1, 1], "bedroom"),
]
every_song = pytest.mark.parametrize(("answers", "role"), SONGS)
DECISIONS = json.loads(
    (settings.BASE_DIR / "static/js/song/parts.js")
    .read_text(encoding="utf-8")
    .partition("export default ")[2]
    .strip()
    .rstrip(";")
)["decisions"]
ALONE = "m.score(given.answers, given.role)"
RENDERED = f"((window.rendered ??= {{}})[given.answers] ??= m.render({ALONE}))"  # once in a page


def given(answers: list[int], role: str = "mix") -> dict:
    return {"answers": answers, "role": role}


@pytest.fixture(scope="module")
def whole(studio: Studio):
    """The whole song of answers, rendered once for all tests."""
    made: dict[str, np.ndarray] = {}

    def render(answers: list[int], role: str) -> np.ndarray:
        key = f"{answers}{role}"
        if key not in made:
            made[key] = studio.sound("song/song", RENDERED, given(answers, role))
        return made[key]

    return render


@every_song
def test_a_song_is_as_loud_as_a_record_and_is_never_cut_off(whole, answers, role):
    sound = whole(answers, role)
    assert lufs(sound) == pytest.approx(-16, abs=1)
    assert lufs(sound[:, 3 * RATE : 15 * RATE]) == pytest.approx(-16, abs=1.5)  # it opens with the chorus
    assert db(np.abs(sound).max()) <= -1
    spectrum = np.fft.rfft(sound[:, : 30 * RATE], axis=1)
    between = np.fft.irfft(np.pad(spectrum, ((0, 0), (0, 3 * (spectrum.shape[1] - 1)))), axis=1) * 4
    assert db(np.abs(between).max()) <= -1  # true peak: four times as many samples


@every_song
def test_a_song_is_balanced_as_a_record_and_survives_a_phone_and_one_speaker(whole, answers, role):
    sound = whole(answers, role)
    assert off_slope(sound) <= 4
    assert mono_loss(sound) >= -2
    assert phone_loss(sound) >= -5
    assert 0.5 < np.corrcoef(sound)[0, 1] < 0.99


@every_song
def test_a_song_lasts_60_to_90_seconds_and_ends_in_silence(whole, studio, answers, role):
    sound = whole(answers, role)
    seconds = sound.shape[1] / RATE
    assert 60 <= seconds <= 90
    assert abs(seconds - studio.run("song/song", f"m.arrangement({ALONE}).seconds", given(answers, role))) < 6
    assert np.abs(sound[:, -100:]).max() < 0.01


def test_the_same_answers_give_the_same_samples(studio: Studio):
    first, second = (
        studio.run(
            "song/song",
            f"""(async () => {{
              const {{ mix }} = m.renderCore({ALONE});
              const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", mix[0].buffer));
              return [...bytes].join();
            }})()""",
            given([1, 3, 0, 2, 1, 1, 2, 3, 0, 1, 2, 3, 0, 1, 9], "studio"),
        )
        for _ in range(2)
    )
    assert first == second


def test_random_answers_give_songs_that_differ(studio: Studio):
    next_ = random.Random(17)
    answers = [[next_.randrange(4) for _ in range(14)] + [next_.randrange(256)] for _ in range(10_000)]
    scores = studio.run(
        "song/song", "new Set(given.map((answers) => JSON.stringify(m.score(answers, 'mix')))).size", answers
    )
    assert scores == len({tuple(one) for one in answers})
    assert np.prod([len(decision["choices"]) for decision in DECISIONS], dtype=float) >= 1e6


# What an answer changes in a score, and nothing else of it.
CHANGES = {
    "chords": {"notes.chords", "notes.pad", "notes.bass", "notes.hook"},
    "tempo": {"tempo", "step", "form"},
    "key": {"key", "notes.chords", "notes.pad", "notes.bass", "notes.hook"},
    "groove": {"notes.drums"},
    "hook": {"notes.hook"},
    "bass": {"notes.bass"},
    "kit": {"notes.drums"},
    "comping": {"notes.chords"},
    "space": set(),
    "voice": {"notes.hook"},
    "percussion": {"notes.percussion"},
    "fill": {"notes.drums"},
    "break": set(),
    "feel": set(),
    "ending": set(),
}


@pytest.mark.parametrize("question", range(15))
def test_an_answer_changes_what_it_is_said_to_change(studio: Studio, question):
    decision = DECISIONS[question]["id"]
    changed = set()
    for choice in range(1, len(DECISIONS[question]["choices"])):
        answers = [0] * 15
        answers[question] = choice
        before, after = (studio.run("song/song", ALONE, given(one)) for one in ([0] * 15, answers))
        assert before["chosen"].pop(decision) != after["chosen"].pop(decision)
        assert before.pop("chosen") == after.pop("chosen")
        changed |= {f"notes.{lane}" for lane in before["notes"] if before["notes"][lane] != after["notes"][lane]}
        changed |= {key for key in before if key != "notes" and before[key] != after[key]}
    assert changed <= CHANGES[decision]
    assert changed or not CHANGES[decision]


def test_every_decision_has_a_clip_that_names_its_question(studio: Studio):
    drawn = studio.run("song/song", f"m.arrangement({ALONE})", given([1] * 7))
    assert {clip["decision"]: clip["question"] for clip in drawn["clips"]} == {
        decision["id"]: number for number, decision in enumerate(DECISIONS)
    }
    assert {clip["question"] for clip in drawn["clips"] if clip["known"]} == set(range(7))
    assert [section["name"] for section in drawn["sections"]][:4] == ["chorus", "verse", "break", "chorus"]
    for clip in drawn["clips"]:
        assert clip["text"].startswith(DECISIONS[clip["question"]]["name"])
        assert clip["from"] + clip["bars"] <= drawn["bars"]


def test_an_answer_more_adds_its_lane_to_the_core(studio: Studio):
    script = "Object.keys(m.renderCore(m.score(given, 'bedroom')).stems)"
    assert [studio.run("song/song", script, [1] * count) for count in (0, 1, 4)] == [
        ["space"],
        ["chords", "space"],
        ["drums", "chords", "space"],
    ]


@pytest.fixture(scope="module")
def core(studio: Studio) -> dict[str, np.ndarray]:
    """The stems and the mix of a core."""
    answers = given([2, 3, 1, 0, 2, 1, 3, 2, 3, 0, 1, 1, 0, 2, 6], "studio")
    names = studio.run("song/song", f"(window.core = m.renderCore({ALONE}), Object.keys(core.stems))", answers)
    sounds = {name: studio.sound("song/song", f"core.stems['{name}']") for name in names}
    return {**sounds, "mix": studio.sound("song/song", "core.mix")}


def test_the_stems_are_the_core(core):
    mix = core["mix"]
    stems = [sound for name, sound in core.items() if name != "mix"]
    assert len(stems) == 7
    assert all(stem.shape == mix.shape and np.abs(stem).max() > 0.01 for stem in stems)
    assert db(np.sqrt(np.mean((sum(stems) - mix) ** 2)) / np.sqrt(np.mean(mix**2))) < -60


def test_no_lane_clicks(core):
    """The largest step between two samples is no larger than a sound of that much treble needs."""
    for name in ("bass", "chords", "pad", "space"):
        steps = np.abs(np.diff(core[name]))
        assert steps.max() < 0.25 * np.abs(core[name]).max() + 0.02, name


def test_a_wav_file_has_24_bits_48_khz_and_the_samples(studio: Studio):
    text = studio.run(
        "song/song", "btoa(String.fromCharCode(...m.wav([Float32Array.of(0, 0.5, -1), Float32Array.of(1, 0, 2)])))"
    )
    data = base64.b64decode(text)
    assert data[:4] + data[8:16] + data[36:40] == b"RIFFWAVEfmt data"
    assert struct.unpack("<IHHIIHH", data[16:36]) == (16, 1, 2, RATE, 6 * RATE, 6, 24)
    assert struct.unpack("<I", data[4:8]) == (len(data) - 8,)
    assert struct.unpack("<I", data[40:44]) == (18,)
    values = [int.from_bytes(data[at : at + 3], "little", signed=True) for at in range(44, len(data), 3)]
    assert values == [0, 0x7FFFFF, 0x400000, 0, -0x7FFFFF, 0x7FFFFF]


def variable(data: bytes, at: int) -> tuple[int, int]:
    """A number of MIDI’s variable length, and where it ends."""
    value = 0
    while True:
        value = value << 7 | data[at] & 127
        at += 1
        if data[at - 1] < 128:
            return value, at


def read(data: bytes) -> list[dict]:
    """The tracks of a MIDI file: names, notes as (tick, channel, pitch), how many still sound at the end, and the length."""
    assert data[:8] == b"MThd\x00\x00\x00\x06"
    kind, count, ticks = struct.unpack(">HHH", data[8:14])
    assert (kind, ticks) == (1, 480)
    at, tracks = 14, []
    for _ in range(count):
        assert data[at : at + 4] == b"MTrk"
        end = at + 8 + struct.unpack(">I", data[at + 4 : at + 8])[0]
        at, now, notes, sounding, name, tempo = at + 8, 0, [], 0, "", 0
        while at < end:
            wait, at = variable(data, at)
            now += wait
            status = data[at]
            if status == 0xFF:
                size, body = variable(data, at + 2)
                name = data[body : body + size].decode("latin-1") if data[at + 1] == 3 else name
                tempo = int.from_bytes(data[body : body + size]) if data[at + 1] == 0x51 else tempo
                at = body + size
            elif status >> 4 == 0xC:
                at += 2
            else:
                if status >> 4 == 9:
                    notes.append((now, status & 15, data[at + 1]))
                sounding += 1 if status >> 4 == 9 else -1
                at += 3
        assert at == end
        tracks.append({"name": name, "notes": notes, "left": sounding, "ticks": now, "tempo": tempo})
    assert at == len(data)
    return tracks


def test_the_midi_file_has_the_notes_of_the_core(studio: Studio):
    answers = given([2, 3, 1, 0, 2, 1, 3, 2, 3, 0, 1, 1, 0, 0, 6], "studio")
    tracks = read(bytes(studio.run("song/song", f"[...m.midi({ALONE})]", answers)))
    score = studio.run("song/song", ALONE, answers)
    assert tracks[0]["tempo"] == round(60e6 / score["tempo"])
    assert [track["name"] for track in tracks[1:]] == ["drums", "percussion", "bass", "chords", "pad", "hook"]
    for track in tracks[1:]:
        notes = score["notes"][track["name"]]
        assert len(track["notes"]) == sum(len(note.get("notes", [0])) for note in notes)
        assert track["left"] == 0
        assert track["ticks"] == 8 * 4 * 480
        if track["name"] in {"bass", "hook"}:
            assert [pitch for _, _, pitch in track["notes"]] == [note["note"] for note in notes]
            assert [tick for tick, _, _ in track["notes"]] == [round(120 * note["at"]) for note in notes]
    assert {channel for _, channel, _ in tracks[1]["notes"]} == {9}


def test_every_hook_and_bass_line_stays_in_its_key_and_its_range(studio: Studio):
    scale = {0, 2, 4, 5, 7, 9, 11}
    for chords in range(4):
        for line in range(4):
            score = studio.run("song/song", ALONE, given([chords, 0, 1, 0, line, line]))
            hook, bass = ([note["note"] for note in score["notes"][lane]] for lane in ("hook", "bass"))
            assert {(note - 3) % 12 for note in hook} <= scale
            assert {(note - 3) % 12 for note in bass} <= scale | {6}
            assert min(hook) >= 55
            assert max(hook) <= 84
            assert min(bass) >= 26
            assert max(bass) <= 55
            chords_ = [note["notes"] for note in score["notes"]["pad"]]
            moves = [sum(abs(a - b) for a, b in zip(*pair, strict=True)) for pair in itertools.pairwise(chords_)]
            assert max(moves) <= 14


PLAYS = """(async () => {
  const context = new AudioContext({ sampleRate: 48000 });
  const tap = new AnalyserNode(context);
  tap.connect(context.destination);
  const song = m.score(given.answers, given.role);
  const tapped = context.currentTime;
  const playing = m.play(context, song, tap);
  const samples = new Float32Array(tap.fftSize);
  const sounds = () => {
    tap.getFloatTimeDomainData(samples);
    return samples.some((x) => Math.abs(x) > 1e-3);
  };
  const tick = () => new Promise((resolve) => setTimeout(resolve, 5));
  while (!sounds()) await tick();
  playing.stop();
  await playing.ended;
  while (sounds()) await tick();
  return playing.began - tapped;
})()"""


def test_two_workers_make_the_same_song_as_the_page(studio: Studio):
    same = f"""(async () => {{
      const [here, there] = [{RENDERED}, await m.inWorker("render", {ALONE})];
      return here.every((samples, side) => samples.length === there[side].length && samples.every((x, i) => x === there[side][i]));
    }})()"""
    assert studio.run("song/song", same, given(*SONGS[2]))


# The sticks are there before anything else is, and the chorus comes in a whole number of counts after they began.
COUNTED = """(async () => {
  const context = new AudioContext({ sampleRate: 48000 });
  const song = m.score(given.answers, given.role);
  const playing = m.play(context, song);
  const before = playing.starts();
  while (playing.starts() === Infinity) await new Promise((resolve) => setTimeout(resolve, 20));
  const counts = (playing.starts() - playing.began) / (8 * song.step);
  playing.stop();
  return [before === Infinity, counts];
})()"""


def test_sticks_count_until_the_song_is_there_and_it_comes_in_on_the_beat(studio: Studio):
    waits, counts = studio.run("song/song", COUNTED, given([1] * 15, "mix"))
    assert waits
    assert counts >= 2  # once the sticks, and once the pickup
    assert counts == pytest.approx(round(counts), abs=1e-6)


def test_a_song_begins_with_the_tap_and_stops_when_asked(studio: Studio):
    assert (
        0 <= studio.run("song/song", PLAYS, given([1] * 15, "mix")) <= 0.15
    )  # in the time of the sound, not of a busy page


def test_the_answers_are_read_from_a_code(studio: Studio):
    assert studio.run("song/song", "m.picksOf('1012301230123053z')") == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 5, 3]
    assert studio.run("song/song", "m.picksOf('1012301230123050az')")[-1] == 320
    assert studio.run("song/song", "m.picksOf('112z', [1, 1])") == [1, 2]


@pytest.fixture(scope="module")
def stages(studio: Studio):
    """The idea, the takes and the mix of a song, and the eight bars that its master begins with."""
    answers, role = SONGS[0]
    made = {
        name: studio.sound(
            "song/song song/stages song/mix",
            f"(() => {{ const song = {ALONE}; return m.staged(song, m.stemsOf(song), '{name}').sound; }})()",
            given(answers, role),
        )
        for name in ("idea", "takes", "mix")
    }
    return made | {"master": studio.sound("song/song", f"m.renderCore({ALONE}).mix", given(answers, role))}


def test_the_stages_of_a_song_are_alike_in_loudness_until_the_master_adds_3_to_4_db(stages):
    loud = {name: lufs(sound) for name, sound in stages.items()}
    assert loud["idea"] == pytest.approx(loud["mix"], abs=1.5)
    assert loud["takes"] == pytest.approx(loud["mix"], abs=1.5)
    assert 3 <= loud["master"] - loud["mix"] <= 4
    assert all(db(np.abs(sound).max()) <= -1 for sound in stages.values())


def test_an_idea_is_in_the_middle_and_a_mix_is_wide(stages):
    assert np.array_equal(*stages["idea"])
    assert np.corrcoef(stages["mix"])[0, 1] < 0.99


def test_takes_are_dry_and_a_mix_has_a_room(stages):
    """After the last note a room still sounds."""
    end = {name: db(rms(sound[:, -RATE // 2 :])) for name, sound in stages.items()}
    assert end["takes"] < -60
    assert stages["mix"].shape[1] > stages["takes"].shape[1]


def test_the_singer_is_buried_in_the_takes_and_stands_out_in_the_mix(stages, studio):
    lanes = [
        studio.sound("song/song song/mix", f"m.stemsOf({ALONE}, ['{lane}']).{lane}.sound", given(*SONGS[0]))
        for lane in ("hook", "bass", "chords")
    ]
    heard = np.array([lane[0, : 10 * RATE] for lane in lanes]).T

    def above_the_rest(sound: np.ndarray) -> float:
        """How far the hook is over the loudest of the other two, beside the levels that the song means them to have."""
        hook, *others = np.abs(np.linalg.lstsq(heard, sound[0, : 10 * RATE])[0])
        return float(db(hook / max(others)))

    assert above_the_rest(stages["takes"]) < -8
    assert above_the_rest(stages["mix"]) > above_the_rest(stages["takes"]) + 6
