"""``codefx stats``: statistics over the stops of the whole history."""

from __future__ import annotations

import sys
import threading
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from codefx_desktop.cli.opening import opened, tell_settled
from codefx_desktop.cli.output import EXIT_USAGE, counted, fail, say, say_json
from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.job import JobFilter
from codefx_desktop.domain.statistics import GroupBy, StatFilter

if TYPE_CHECKING:
    from codefx_desktop.jobs.statistics_reading import StatisticsFiles
    from codefx_desktop.jobs.statistics_values import Answer, Choices

GROUPS = {by.name.lower().replace("_", "-"): by for by in GroupBy}
"""What is typed for each way to tell stops apart."""

DayOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only jobs added since, or until.")
]


def stats(
    duration: Annotated[
        str, typer.Argument(help="Name of the time, as --list has it.")
    ] = "stationary",
    by: Annotated[
        str, typer.Option("--by", help=f"Tell stops apart by one of: {', '.join(GROUPS)}.")
    ] = "none",
    place: Annotated[str | None, typer.Option(help="Only at this place: FL, front, ...")] = None,
    text: Annotated[str, typer.Option(help="Only clips with these words.")] = "",
    series: Annotated[str, typer.Option(help="Only this series.")] = "",
    race: Annotated[str, typer.Option(help="Only this race.")] = "",
    team: Annotated[str, typer.Option(help="Only this team.")] = "",
    template: Annotated[str, typer.Option(help="Only stops of this template.")] = "",
    since: DayOption = None,
    until: DayOption = None,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="Only what a person confirmed.")
    ] = False,
    most: Annotated[
        float | None,
        typer.Option("--uncertainty", min=0.0, help="Only what is known this well, seconds."),
    ] = None,
    by_order: Annotated[
        bool, typer.Option("--by-order", help="Tell trends over stops instead of days.")
    ] = False,
    listing: Annotated[bool, typer.Option("--list", help="List the times there are.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the groups as JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print each stop as CSV.")] = False,
) -> None:
    """Tell of a time of all stops in the history: median, spread, best, trend, by group."""
    if as_json and as_csv:
        fail("--json and --csv cannot be had at once.")
        raise typer.Exit(EXIT_USAGE)
    wanted = StatFilter(
        name=duration,
        place=_place(place),
        jobs=JobFilter(text, series, race, since=_day(since), until=_day(until)),
        team=team,
        template=template,
        only_confirmed=confirmed,
        most_uncertain_s=most,
    )
    group_by = _group(by)
    from codefx_desktop.jobs.review_settling import settle_all
    from codefx_desktop.jobs.statistics_reading import StatisticsFiles

    with opened() as shop:
        for record in settle_all(shop, threading.Event()):
            tell_settled(record)
        files = StatisticsFiles(shop.history)
        files.freshen(threading.Event())
        if listing:
            _list(files.choices(), as_json=as_json)
            return
        answer = _asked(files, wanted, group_by, by_order=by_order)
    _tell(answer, as_json=as_json, as_csv=as_csv)


def _asked(files: StatisticsFiles, wanted: StatFilter, by: GroupBy, *, by_order: bool) -> Answer:
    """Return what the history says.

    Raises:
        SettingsError: If stops have no such time.
    """
    from codefx_desktop.jobs.statistics_values import Over, Question

    over = Over.ORDER if by_order else Over.DATE
    answer = files.answer(Question(wanted, by, over), threading.Event())
    names = [one.name for one in answer.choices.durations]
    if names and wanted.name not in names:
        raise SettingsError(
            f"No stop has a time {wanted.name!r}.", hint=f"There are {', '.join(names)}."
        )
    return answer


def _tell(answer: Answer, *, as_json: bool, as_csv: bool) -> None:
    if as_csv:
        from codefx_desktop.artifacts.statistics_csv import times_csv

        sys.stdout.flush()
        sys.stdout.buffer.write(times_csv(answer.question.wanted.name, answer.sample.rows))
        sys.stdout.buffer.flush()
    elif as_json:
        from codefx_desktop.cli.stats_shown import answer_dict

        say_json(answer_dict(answer))
    elif not answer.choices.stops:
        say("There are no pit stops in the history yet. Run a clip with the pit stop profile.")
    else:
        from codefx_desktop.cli.stats_shown import show_answer

        show_answer(answer)


def _list(choices: Choices, *, as_json: bool) -> None:
    rows: list[dict[str, Any]] = [
        {"name": one.name, "label": one.label, "places": [place.value for place in one.places]}
        for one in choices.durations
    ]
    if as_json:
        say_json({"durations": rows, "stops": choices.stops})
        return
    for row in rows:
        places = " ".join(filter(None, row["places"]))
        say("\t".join(filter(None, (row["name"], row["label"], places))))
    say(counted(choices.stops, "stop"))


def _group(text: str) -> GroupBy:
    found = GROUPS.get(text.strip().lower())
    if found is None:
        fail(f"--by must be one of {', '.join(GROUPS)}, not {text!r}.")
        raise typer.Exit(EXIT_USAGE)
    return found


def _place(text: str | None) -> Place | None:
    if text is None:
        return None
    for place in Place:
        if place and place.value.casefold() == text.strip().casefold():
            return place
    names = ", ".join(place.value for place in Place if place)
    fail(f"--place must be one of {names}, not {text!r}.")
    raise typer.Exit(EXIT_USAGE)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
