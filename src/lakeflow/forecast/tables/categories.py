"""The category of a market by its tags: a fixed map with a version, so that a border never moves with the data."""

import polars as pl

VERSION = "2026-01"
OTHER = "other"
UP_DOWN = "crypto_updown"  # minutes-long markets by the thousand; left out of headlines, which they would own
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
BY_TAG = {tag: name for name, tags in CATEGORIES.items() for tag in tags}
SHORT = r"-(?:updown|up-or-down)-(?:\d+m|hourly)?"


def category(tags: pl.Expr, slug: pl.Expr, sports_type: pl.Expr) -> pl.Expr:
    """The first category of the map that a tag has; sports by its own field, and short up-or-down markets by name."""
    names = [
        pl.when(tags.list.set_intersection(list(known)).list.len() > 0).then(pl.lit(name))
        for name, known in CATEGORIES.items()
    ]
    return (
        pl.when(slug.fill_null("").str.contains(SHORT))
        .then(pl.lit(UP_DOWN))
        .when(sports_type.is_not_null())
        .then(pl.lit("sports"))
        .otherwise(pl.coalesce(*names, pl.lit(OTHER)))
    )


def not_mapped(tags: pl.Expr) -> pl.Expr:
    """Tags of a market none of whose tags is in the map."""
    known = tags.list.set_intersection(list(BY_TAG)).list.len() > 0
    return (
        pl.when(known)
        .then(pl.lit([], dtype=pl.List(pl.String)))
        .otherwise(tags.list.eval(pl.concat_str(pl.lit("tag="), pl.element())))
    )
