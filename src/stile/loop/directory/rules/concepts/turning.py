"""Where the phrases of the lexicon stand in a wish, and which of them are turned down.

"not football", "anything but sport", "scared of heights" and "crowds freak me out" all turn something
down; "no money", "not bad at drawing" and "dont mind" do not. A phrase of several words that has a
meaning of its own ("no sign up") uses up the "no" in it.
"""

from dataclasses import dataclass, field

from stile.loop.directory.rules.concepts.table import REFUSED, Channel, Level, Says, Table, longest
from stile.loop.directory.rules.concepts.words import BREAKS


@dataclass(slots=True)
class Found:
    """A phrase where it stands: words `start` to `end` (not included), and whether it is turned down."""

    start: int
    end: int
    says: Says
    turned: str = ""  # "", "before", "dread" or "after", as it is turned down; "inside" another phrase


@dataclass(slots=True)
class Text:
    """The words of one wish and where each stands in it."""

    original: str
    words: list[str]
    spans: list[tuple[int, int]]
    found: dict[int, list[Found]] = field(default_factory=dict)

    def of(self, channel: Channel) -> list[Found]:
        return self.found.get(channel, [])

    def own(self, each: Found) -> str:
        """The phrase as they typed it."""
        return self.original[self.spans[each.start][0] : self.spans[each.end - 1][1]]


def scan(wish: Text, table: Table) -> None:
    """Finds every phrase, the longest at each place, channel by channel."""
    words, first, found = wish.words, table.first, wish.found
    free_from: dict[int, int] = {}
    for at, word in enumerate(words):
        follows = first.get(word)
        if follows is None:
            continue
        for channel, alone, second in follows:
            if at < free_from.get(channel, 0):
                continue
            phrase = longest(words, at, alone, second)
            if phrase is not None:
                end, says = phrase
                found.setdefault(channel, []).append(Found(at, end, says))
                free_from[channel] = end


_REACH = 3  # words of no account that may stand between "not" and what is turned down
_BEFORE_DAYS = frozenset(("on", "the", "every", "a", "or", "and", "in", "at", "do", "any", ","))
_BACK = 4  # words before "freaks me out" that it may be about


def turn_down(wish: Text) -> None:
    """Marks what was turned down: what follows "not", "hate", "scared of", and what "freaks me out"."""
    turns = wish.of(Channel.TURN)
    if not turns:
        return
    taken = _self_contained(wish)
    by_start = {turn.start: turn for turn in turns}
    for turn in turns:
        tags = [tag for tag, _ in turn.says]
        if "busy" in tags:
            _mark_days(wish, turn.end)
        if "never_mind" in tags:
            continue
        if turn.start in taken and ("before" in tags or "dread" in tags):
            _mark_own(wish, turn, taken[turn.start])
            _mark_moods(wish, turn)
        elif "before" in tags or "dread" in tags:
            end = _scope(wish, turn.end, by_start)
            _mark(wish, turn.end, end, "before" if "before" in tags else "dread")
            _mark_moods(wish, turn)
        elif "after" in tags:
            begin = max(0, turn.start - _BACK)
            for at in range(turn.start - 1, begin - 1, -1):
                if wish.words[at] in BREAKS:
                    begin = at + 1
                    break
            _mark(wish, begin, turn.start, "after")
    _mark_inside(wish)


# Facts whose phrase also turns down the activity in it ("cant swim", "allergic to dogs"); others, such as
# "cant stand loud music", say nothing against it.
_TURNS_DOWN_TOO = frozenset(("deep_water", "no_need_to_talk", "hard_exercise", "animals_there", "body_talk"))


def _mark_own(wish: Text, turn: Found, end: int) -> None:
    """A phrase with a meaning of its own uses up its "not", which goes no further than the phrase."""
    for fact in wish.of(Channel.FACT):
        if fact.start <= turn.start and fact.end == end:
            too = any(slug in _TURNS_DOWN_TOO for slug, _ in fact.says)
            _mark(wish, turn.end, end, "before" if too else "inside", (Channel.KIND,))


def _mark_days(wish: Text, start: int) -> None:
    """The days straight after "not on", "i work": "mondays", "fri or sat"."""
    days = {each.start: each for each in wish.of(Channel.DAY)}
    at = start
    while at < len(wish.words):
        if at in days:
            days[at].turned = "before"
            at = days[at].end
        elif wish.words[at] in _BEFORE_DAYS:
            at += 1
        else:
            break


def _mark_moods(wish: Text, turn: Found) -> None:
    """ "scared of dogs" is not a mood: the word belongs to what is dreaded."""
    for each in wish.of(Channel.KIND):
        inside = turn.start <= each.start and each.end <= turn.end
        if inside and all(level == Level.MOOD for _, level in each.says):
            each.turned = "inside"


def _mark_inside(wish: Text) -> None:
    """ "hate loud music" says nothing against music: the longer phrase is what is turned down."""
    for fact in wish.of(Channel.FACT):
        if fact.turned and fact.end - fact.start > 1 and any(how == REFUSED for _, how in fact.says):
            for each in wish.of(Channel.KIND):
                if fact.start <= each.start and each.end <= fact.end:
                    each.turned = "inside"


def _self_contained(wish: Text) -> dict[int, int]:
    """Words of longer phrases with their own meaning ("no money", "dont want to talk"): place -> its end."""
    taken: dict[int, int] = {}
    for channel, all_found in wish.found.items():
        if channel in (Channel.TURN, Channel.URGENT, Channel.DAY, Channel.PART):
            continue
        for each in all_found:
            if each.end - each.start > 1:
                taken.update(dict.fromkeys(range(each.start, each.end), each.end))
    return taken


def _scope(wish: Text, start: int, turns: dict[int, Found]) -> int:
    """Where what is turned down from `start` on ends."""
    left, at = _REACH, start
    while at < len(wish.words):
        word = wish.words[at]
        if word in BREAKS:
            rest = wish.words[at + 1 :]
            if word != "," or not _list_goes_on(rest):
                break
            at += 1
            continue
        turn = turns.get(at)
        if turn is not None:
            tags = [tag for tag, _ in turn.says]
            if "stops" in tags or "never_mind" in tags:
                break
            at = turn.end
            continue
        if not _means_something(wish, at):
            left -= 1
            if left < 0:
                break
        at += 1
    return at


def _list_goes_on(rest: list[str]) -> bool:
    """After a comma: "not football, rugby or cricket" goes on, "not football, drawing" does not."""
    for at, word in enumerate(rest[:8]):
        if word in ("or", "nor", "na", "nac", "neu"):
            return at > 0
        if word in BREAKS and word != ",":
            return False
        if word in ("but", "i", "ond", "maybe", "like", "love"):
            return False
    return False


def _means_something(wish: Text, at: int) -> bool:
    return any(
        each.start <= at < each.end for channel in (Channel.KIND, Channel.FACT) for each in wish.of(channel)
    )


def _mark(
    wish: Text,
    start: int,
    end: int,
    how: str,
    channels: tuple[Channel, ...] = (Channel.KIND, Channel.FACT),
) -> None:
    for channel in channels:
        for each in wish.of(channel):
            if start <= each.start < end:
                each.turned = how
