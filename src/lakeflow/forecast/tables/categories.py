"""The category of a market by its tags, else by what it calls its category: a fixed map with a version, so that a border never moves with the data."""

import polars as pl

VERSION = "2026-02"
OTHER = "other"
TAG, CATEGORY = "tag=", "category="  # how what is not in the map is named
UP_DOWN = "crypto_updown"  # minutes- and hours-long markets by the thousand; left out of headlines, which they would own
CATEGORIES: dict[str, tuple[str, ...]] = {
    "politics": ("politics", "elections", "us-elections", "global-elections", "trump", "congress", "us-politics"),
    "sports": ("sports", "nba", "nfl", "mlb", "nhl", "soccer", "tennis", "esports", "ufc", "cricket", "games", "f1", "golf"),
    "crypto": ("crypto", "bitcoin", "ethereum", "solana", "crypto-prices", "airdrops"),
    "economy": ("economy", "fed", "inflation", "finance", "business", "stocks", "economic-policy", "cpi"),
    "tech": ("tech", "ai", "openai", "big-tech", "science"),
    "culture": ("pop-culture", "culture", "movies", "music", "awards", "oscars", "celebrities"),
    "world": ("world", "geopolitics", "middle-east", "ukraine", "israel", "china"),
    "weather": ("weather", "climate", "temperature", "hurricanes"),
}  # fmt: skip
BY_TAG = {tag: name for name, tags in CATEGORIES.items() for tag in (name, *tags)}
# Categories that were said before there were tags, in the words of tags.
SAID_BEFORE = {
    "us-current-affairs": "politics", "global-politics": "politics", "coronavirus": "world", "ukraine-russia": "world", "nfts": "crypto",
    "nba-playoffs": "sports", "olympics": "sports", "chess": "sports", "poker": "sports", "space": "tech", "art": "culture",
}  # fmt: skip
BY_WORD = BY_TAG | SAID_BEFORE
# Of minutes or hours, by its length or by the hour that it is about; one of a day is a market like any other.
SHORT = r"-(?:updown|up-or-down)-(?:\d+[mh](?:-|$)|hourly|[a-z]+-\d{1,2}(?:-\d{4})?-\d{1,4}(?:am|pm)(?:-|$))"


def category(tags: pl.Expr, slug: pl.Expr, sports_type: pl.Expr, said: pl.Expr) -> pl.Expr:
    """The first category of the map that a tag has, else the one that is said; sports by its own field, short up-or-down markets of crypto by name."""
    names = [
        pl.when(tags.list.set_intersection([name, *known]).list.len() > 0).then(pl.lit(name))
        for name, known in CATEGORIES.items()
    ]
    mapped = pl.coalesce(*names, by_word(said))
    return (
        pl.when(slug.fill_null("").str.contains(SHORT), (mapped == "crypto").fill_null(value=True))
        .then(pl.lit(UP_DOWN))
        .when(sports_type.is_not_null())
        .then(pl.lit("sports"))
        .otherwise(pl.coalesce(mapped, pl.lit(OTHER)))
    )


def by_word(said: pl.Expr) -> pl.Expr:
    """The category of the map that is meant by words such as `US-current-affairs` or `Pop Culture`."""
    words = said.str.to_lowercase().str.replace_all(r"[^a-z0-9]+", "-").str.strip_chars("-")
    return words.replace_strict(BY_WORD, default=None, return_dtype=pl.String)


def not_mapped(tags: pl.Expr, said: pl.Expr) -> pl.Expr:
    """Tags of a market none of whose tags is in the map, and a category that is not."""
    known = tags.list.set_intersection(list(BY_TAG)).list.len() > 0
    none = pl.lit([], dtype=pl.List(pl.String))
    strange = pl.when(known).then(none).otherwise(tags.list.eval(pl.concat_str(pl.lit(TAG), pl.element())))
    is_new = said.is_not_null() & by_word(said).is_null()
    return pl.concat_list(
        strange, pl.when(is_new).then(pl.concat_list(pl.lit(CATEGORY) + said)).otherwise(none)
    )
