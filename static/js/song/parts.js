// The library of parts: which decision of a song each answer takes, in the order of the questions, and what there is to choose
// from. After "export default" it is JSON, so that the server can read it too. Patterns have a character for each sixteenth.
export default {
  "bars": 8,
  "decisions": [
    { "id": "chords", "name": "the chords", "lane": "chords", "choices": [
      { "name": "at home, with a way out", "chords": [0, 4, 5, 3, 0, 4, 3, 3] },
      { "name": "wistful, and home at the end", "chords": [5, 3, 0, 4, 5, 3, 1, 4] },
      { "name": "floating, slow to land", "chords": [3, 0, 5, 4, 3, 0, 1, 4] },
      { "name": "restless, always leading on", "chords": [1, 4, 0, 5, 1, 4, 2, 5] } ] },
    { "id": "tempo", "name": "the tempo", "lane": "song", "choices": [
      { "name": "76 beats a minute", "tempo": 76 },
      { "name": "92 beats a minute", "tempo": 92 },
      { "name": "106 beats a minute", "tempo": 106 },
      { "name": "120 beats a minute", "tempo": 120 } ] },
    { "id": "key", "name": "the key", "lane": "chords", "choices": [
      { "name": "C major", "key": 0 },
      { "name": "E flat major", "key": 3 },
      { "name": "F major", "key": 5 },
      { "name": "A major", "key": 9 } ] },
    { "id": "groove", "name": "the groove", "lane": "drums", "choices": [
      { "name": "a backbeat",
        "kick": "9.....6.8.......9.....6.8..5....", "snare": "....9.......9..2....9..2....9...", "hat": "7.4.7.4.7.4.7.4.7.4.7.4.7.4.7.o." },
      { "name": "four on the floor",
        "kick": "9...9...9...9...9...9...9...9..4", "snare": "....8.......8.......8.......8..3", "hat": "3.8.3.8.3.8.3.o.3.8.3.8.3.8.3.83" },
      { "name": "boom bap",
        "kick": "9..5......9.....9..5..5...8.....", "snare": "....9..2.1..9......1.2..9......2", "hat": "8.5.8.5.8.5.8.588.5.8.5.8.5.8.o." },
      { "name": "half time",
        "kick": "9.........6.....9...6.....6.....", "snare": "........9...............9......2", "hat": "8.4.84.48.4.8.448.4.84.48.4.8444" } ] },
    { "id": "hook", "name": "the hook", "lane": "hook", "choices": [
      { "name": "a call and its answer",
        "notes": [[0,3,4],[3,3,4],[6,2,5],[8,4,4],[12,4,2],[16,3,2],[19,3,1],[22,6,0],[32,3,4],[35,3,4],[38,2,5],[40,4,7],[44,4,5],[48,3,4],[51,3,2],[54,8,1]],
        "end": [[48,3,2],[51,3,1],[54,10,0]] },
      { "name": "long notes that climb",
        "notes": [[0,6,2],[6,2,4],[8,8,5],[20,4,4],[24,8,2],[32,6,2],[38,2,4],[40,8,7],[52,4,5],[56,8,4]],
        "end": [[48,4,4],[52,4,1],[56,8,0]] },
      { "name": "short notes off the beat",
        "notes": [[2,2,4],[4,2,4],[6,2,5],[8,2,4],[10,4,2],[18,2,4],[20,2,4],[22,2,5],[24,6,7],[34,2,5],[36,2,5],[38,2,4],[40,2,2],[42,4,1],[50,2,0],[52,2,1],[54,2,2],[56,6,1]],
        "end": [[50,2,2],[52,2,2],[54,2,1],[56,8,0]] },
      { "name": "a figure that rises",
        "notes": [[0,2,0],[2,2,1],[4,4,2],[8,2,1],[10,2,2],[12,4,4],[16,2,2],[18,2,4],[20,4,5],[24,8,4],[32,2,0],[34,2,1],[36,4,2],[40,2,4],[42,2,5],[44,4,7],[48,6,8],[54,2,7],[56,8,5]],
        "end": [[48,4,4],[52,2,2],[54,2,1],[56,8,0]] } ] },
    { "id": "bass", "name": "the bass line", "lane": "bass", "choices": [
      { "name": "steady eighths", "bass": "r-r-r-r-r-r-r-a-" },
      { "name": "off the beat, with an octave", "bass": "r--r..r-..o-r-a-" },
      { "name": "long notes", "bass": "r---------f-r-a-" },
      { "name": "a walk", "bass": "r---f---o---a---" } ] },
    { "id": "kit", "name": "the drum kit", "lane": "drums", "choices": [
      { "name": "dusty", "kick": { "note": 33, "click": 0.7, "body": 0.24 }, "snare": "snare", "hit": { "tune": 172, "ring": 0.11, "snap": 0.8 }, "hat": 0.95 },
      { "name": "an eighties machine", "kick": { "note": 30, "click": 0.75, "body": 0.5 }, "snare": "clap", "hit": { "tail": 0.26 }, "hat": 1 },
      { "name": "a nineties machine", "kick": { "note": 32, "click": 1, "body": 0.34 }, "snare": "snare", "hit": { "tune": 212, "ring": 0.1, "snap": 1.2 }, "hat": 1 },
      { "name": "a live kit", "kick": { "note": 34, "click": 1.2, "body": 0.22 }, "snare": "snare", "hit": { "tune": 192, "ring": 0.24 }, "hat": 1 },
      { "name": "a stick on the rim", "kick": { "note": 33, "click": 0.7, "body": 0.28 }, "snare": "rim", "hit": {}, "hat": 1.05 } ] },
    { "id": "comping", "name": "how the chords are played", "lane": "chords", "choices": [
      { "name": "held", "rhythm": "X---------------" },
      { "name": "off the beat", "rhythm": "..x...x...x...x." },
      { "name": "in eighths", "rhythm": "X-x-x-x-X-x-x-x-" },
      { "name": "note by note", "rhythm": "0-1-2-3-2-1-3-2-" } ] },
    { "id": "space", "name": "the room around it", "lane": "space", "choices": [
      { "name": "close and dry", "seconds": 0.5, "size": 0.6, "level": 0.5, "echo": 0 },
      { "name": "a wooden room", "seconds": 0.9, "size": 0.85, "level": 0.7, "echo": 0 },
      { "name": "a hall", "seconds": 2.2, "size": 1.3, "level": 0.75, "echo": 0 },
      { "name": "echoes from side to side", "seconds": 1.2, "size": 1, "level": 0.5, "echo": 0.41 } ] },
    { "id": "voice", "name": "who has the hook", "lane": "hook", "choices": [
      { "name": "a voice", "voice": "sung" },
      { "name": "a plucked string", "voice": "pluck" },
      { "name": "a bell", "voice": "bell" },
      { "name": "a synthesiser", "voice": "lead" } ] },
    { "id": "percussion", "name": "the percussion", "lane": "percussion", "choices": [
      { "name": "a shaker", "voice": "shaker", "steps": "5.3.8.3.5.3.8.345.3.8.3.5.3.8.35" },
      { "name": "a tambourine", "voice": "tambourine", "steps": "..4.8.4...4.8.4...4.8.4...4.8.44" },
      { "name": "congas", "voice": "conga", "steps": "..5..3H..3L.5.H...5..3H..3L.H.L." },
      { "name": "a stick", "voice": "rim", "steps": "7.....7.....7.......7...7......." } ] },
    { "id": "fill", "name": "the fill", "lane": "drums", "choices": [
      { "name": "down the toms", "fill": "s.s.h.h.m.m.l.l." },
      { "name": "a roll on the snare", "fill": "......s.s.s.ssss" },
      { "name": "a stop, and one kick", "fill": "............k.k." },
      { "name": "a stutter", "fill": "....ss.ss.ss.sss" } ] },
    { "id": "break", "name": "the break", "lane": "song", "choices": [
      { "name": "the drums leave", "lanes": ["chords", "pad", "hook"], "from": 0 },
      { "name": "beat and bass alone", "lanes": ["drums", "percussion", "bass"], "from": 0 },
      { "name": "one voice over one chord", "lanes": ["pad", "hook"], "from": 0 },
      { "name": "everything behind a curtain that opens", "lanes": ["drums", "bass", "chords", "pad"], "from": 260 } ] },
    { "id": "feel", "name": "the feel", "lane": "drums", "choices": [
      { "name": "straight", "swing": 0.5, "late": 0 },
      { "name": "a little swung", "swing": 0.55, "late": 0.004 },
      { "name": "swung", "swing": 0.61, "late": 0.006 },
      { "name": "laid back", "swing": 0.52, "late": 0.016 } ] },
    { "id": "ending", "name": "the ending", "lane": "song", "choices": [
      { "name": "it rings out", "ending": "ring" },
      { "name": "it stops dead", "ending": "stop" },
      { "name": "it fades", "ending": "fade" },
      { "name": "it slows and falls", "ending": "fall" } ] }
  ]
};
