"""Full-text search over everything the site says: SQLite's FTS5, in memory, built once. Nothing that is searched for is kept.

The words of a query are stemmed by FTS5. Before that, a word that the site never uses is replaced by words that it does use:
those that begin with it, if it is the last one and may be unfinished, or those one typing error away.
"""

import re
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Set
from dataclasses import dataclass
from threading import Lock
from typing import Literal

Kind = Literal["questions", "guides", "topics", "terms", "gear"]

LONGEST_QUERY = 200  # characters; what comes after is ignored
MOST_WORDS = 16
MOST_OF_A_KIND = 5
TYPOS = range(5, 25)  # letters; shorter words have too many neighbours, longer ones cost too much
MOST_ENDINGS = 12
A_QUESTION = 4  # words; so many are a question rather than a name
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
EXCERPT = 180  # characters
# Title, other words for it, text: what a hit in each is worth.
WEIGHTS = "8.0, 4.0, 1.0"
# Words that say nothing about the subject of a question.
STOP = frozenset(
    [
        "a",
        "about",
        "all",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "cant",
        "could",
        "did",
        "do",
        "does",
        "doesnt",
        "dont",
        "for",
        "from",
        "get",
        "gets",
        "go",
        "goes",
        "got",
        "had",
        "has",
        "have",
        "how",
        "i",
        "id",
        "if",
        "ill",
        "im",
        "in",
        "into",
        "is",
        "isnt",
        "it",
        "its",
        "ive",
        "just",
        "like",
        "me",
        "my",
        "myself",
        "no",
        "not",
        "of",
        "on",
        "one",
        "or",
        "our",
        "out",
        "really",
        "should",
        "so",
        "some",
        "somebody",
        "someone",
        "than",
        "that",
        "thats",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "to",
        "too",
        "up",
        "us",
        "was",
        "we",
        "were",
        "what",
        "whats",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "d",
        "doesn",
        "don",
        "isn",
        "ll",
        "m",
        "re",
        "s",
        "t",
        "ve",
        "won",
    ]
)


@dataclass(frozen=True)
class Entry:
    """Something to find. `also` holds other words for it, which are not shown."""

    kind: Kind
    url: str
    title: str
    text: str
    also: str = ""


@dataclass(frozen=True)
class Hit:
    """`excerpt` is a list of (text, whether it matched)."""

    url: str
    title: str
    excerpt: tuple[tuple[str, bool], ...]


class Index:
    """Answers queries from any thread."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._lock = Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.execute(
            "CREATE VIRTUAL TABLE entries USING fts5("
            "title, also, text, kind UNINDEXED, url UNINDEXED, shown UNINDEXED, tokenize='porter unicode61')"
        )
        rows = [
            (
                entry.title,
                f"{entry.also} {compounds(f'{entry.title} {entry.also} {entry.text}')}",
                entry.text,
                entry.kind,
                entry.url,
                entry.title,
            )
            for entry in entries
        ]
        self._connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._vocabulary = sorted({word for row in rows for text in row[:3] for word in words(text)})
        self._known = frozenset(self._vocabulary)

    def find(self, query: str) -> list[tuple[Kind, list[Hit]]]:
        """The best hits of each kind. The kind with the best of all comes first, but questions do if one is asked."""
        meant = self.meant(query)
        if not meant:
            return []
        match = " OR ".join(f'"{word}"' for word in meant)
        with self._lock:
            best = self._connection.execute(
                f"SELECT kind, url, shown, text FROM entries WHERE entries MATCH ? ORDER BY bm25(entries, {WEIGHTS}) LIMIT 60",
                [match],
            ).fetchall()
        best.sort(key=lambda row: set(words(row[2])) != meant)  # what is called exactly so comes first
        kinds = list(dict.fromkeys(row[0] for row in best))
        if len(words(query)) >= A_QUESTION:
            kinds.sort(key=lambda kind: kind != "questions")
        marked = re.compile(rf"\b((?:{'|'.join(map(stem, meant))})\w*)", re.IGNORECASE)
        shown = {kind: [row for row in best if row[0] == kind][:MOST_OF_A_KIND] for kind in kinds}
        return [
            (kind, [Hit(url, title, excerpt(text, marked)) for _, url, title, text in rows])
            for kind, rows in shown.items()
        ]

    def meant(self, query: str) -> Set[str]:
        """The words of the site that a query stands for, in order. Words that say nothing count only if there are no others."""
        given = words(query[:LONGEST_QUERY])[:MOST_WORDS]
        telling = [word for word in given if word not in STOP] or given
        return {known: None for word in telling for known in self._meant_by(word, unfinished=word == given[-1])}.keys()

    def _meant_by(self, word: str, *, unfinished: bool) -> list[str]:
        """The words of the site that this one stands for."""
        if word in self._known:
            return [word]
        if unfinished and len(word) > 1:
            start = bisect_left(self._vocabulary, word)
            ending = [known for known in self._vocabulary[start : start + MOST_ENDINGS] if known.startswith(word)]
            if ending:
                return ending
        near = sorted(self._known & neighbours(word)) if len(word) in TYPOS else []
        return near or [word]  # the stem of it may be known


def excerpt(text: str, marked: re.Pattern[str]) -> tuple[tuple[str, bool], ...]:
    """What is around the first match. FTS5 has a function for it, which takes four times as long as the search."""
    first = marked.search(text)
    begin = max(0, first.start() - EXCERPT // 3) if first else 0
    begin = text.rfind(" ", 0, begin) + 1
    end = text.find(" ", begin + EXCERPT)
    part = text[begin:] if end < 0 else f"{text[begin:end]} …"
    pieces = marked.split(f"… {part}" if begin else part)
    return tuple((piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece)


def stem(word: str) -> str:
    """About what the index makes of a word, to mark it."""
    return word if len(word) < 6 else word[:-2]


def compounds(text: str) -> str:
    """The compounds of a text as one word each: "sidechain" for "side-chain"."""
    return " ".join(word.replace("-", "") for word in re.findall(r"\w+(?:-\w+)+", text))


def words(text: str) -> list[str]:
    """The words of a text as FTS5 sees them."""
    return re.findall(r"[^\W_]+", text.lower())


def neighbours(word: str) -> set[str]:
    """Everything that one typing error makes of a word."""
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    deleted = {a + b[1:] for a, b in splits if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
    replaced = {a + letter + b[1:] for a, b in splits if b for letter in LETTERS}
    inserted = {a + letter + b for a, b in splits for letter in LETTERS}
    return deleted | swapped | replaced | inserted
