"""texts: the words that customers read: which there are, what is missing, and how a language is added."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from duewell.cli.output import Out, WrongUse

if TYPE_CHECKING:
    from duewell.adapters.texts import Texts


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare texts list, show, check and catalogue."""
    from duewell.cli import command

    top = commands.add_parser(
        "texts", help="the words that customers read", description="The words that customers read."
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="list|show|check|catalogue")
    command(verbs, "list", "the languages, and what each of them lacks", _list)
    show = command(verbs, "show", "a file of words as it counts here, to copy and change", _show)
    show.add_argument("file", metavar="FILE", help="such as de/kind/first")
    check = command(verbs, "check", "what is missing or differs in the catalogues of the home", _check)
    check.add_argument("file", nargs="?", type=Path, metavar="FILE", help="one catalogue, such as pt.po")
    made = command(
        verbs, "catalogue", "the catalogue of a language, with all that is still to translate", _catalogue
    )
    made.add_argument("language", metavar="LANGUAGE", help="such as pt")
    made.add_argument("--from", dest="before", type=Path, metavar="FILE", help="keep what this one has translated")


def _list(args: argparse.Namespace, out: Out) -> int:
    texts = _texts(args)
    rows = []
    for language in sorted(texts.languages):
        lacking = sorted("/".join(key[1:]) for key in texts.lacking if key[0] == language)
        entries = sorted({entry for key, found in texts.lacking.items() if key[0] == language for entry in found})
        rows.append({"language": language, "name": _name(language), "lacks": lacking, "entries": entries})
    lines = [
        f"{row['language']:<4} {row['name']:<12} "
        + (f"lacks {len(row['entries'])} sentence(s) of {', '.join(row['lacks'])}" if row["lacks"] else "whole")
        for row in rows
    ]
    out.result({"languages": rows}, "\n".join(lines))
    return 0


def _show(args: argparse.Namespace, out: Out) -> int:
    import yaml

    texts = _texts(args)
    name = args.file.removeprefix("texts/").removesuffix(".yaml")
    language, _, file = name.partition("/")
    try:
        tree = texts.tree(language, file)
    except KeyError:
        from duewell.adapters.texts.names import files

        raise WrongUse(
            f"there are no words {args.file!r}: write LANGUAGE/FILE; languages are "
            f"{', '.join(sorted(texts.languages))}, files {', '.join(files())}"
        ) from None
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=10_000, default_style='"')
    told = "\n".join(_unquoted(line) for line in text.rstrip("\n").split("\n"))
    out.result({"file": f"texts/{name}.yaml", "words": tree}, f"# texts/{name}.yaml\n{told}")
    return 0


def _unquoted(line: str) -> str:
    """Keys without quotes: only words have them."""
    start = len(line) - len(line.lstrip(" -"))
    if (line[start : start + 1] == '"' and '": ' in line) or line.endswith('":'):
        key, _, rest = line[start + 1 :].partition('":')
        if key.replace("_", "").isalpha():
            return f"{line[:start]}{key}:{rest}"
    return line


def _check(args: argparse.Namespace, out: Out) -> int:
    from duewell.adapters.texts import LANGUAGES, TextError, catalogue, update
    from duewell.adapters.texts.findings import findings

    found = []
    try:
        if args.file is not None:
            if not args.file.is_file():
                raise WrongUse(f"there is no file {args.file}")
            known = [catalogue.load(args.file)]
        else:
            texts = _texts(args)
            known = [one for language, one in sorted(texts.catalogues.items()) if language not in LANGUAGES]
        entries = update.entries()
        found = [item._asdict() for one in known for item in findings(one, entries)]
    except TextError as problem:
        found = [{"file": problem.file, "context": problem.place, "kind": "wrong", "text": str(problem)}]
    lines = [f"{item['file']}: {item['context']}: {item['kind']}: {item['text']}" for item in found]
    out.result({"ok": not found, "findings": found}, "\n".join(lines) or "nothing is missing")
    return 1 if found else 0


def _catalogue(args: argparse.Namespace, out: Out) -> int:
    from babel import Locale, UnknownLocaleError

    from duewell.adapters.texts import update

    try:
        known = Locale.parse(args.language)
    except (UnknownLocaleError, ValueError):
        known = None
    if known is None or str(known) != args.language or known.territory:
        raise WrongUse(f"{args.language!r} is no language: write its two letters, such as pt")
    if args.before is None:
        made = update.fresh(args.language)
    elif args.before.is_file() and args.before.stem == args.language:
        made = update.updated(args.before)
    else:
        raise WrongUse(f"there is no file {args.before}, or it is not named {args.language}.po")
    text = made.decode("utf-8")
    out.result({"language": args.language, "catalogue": text}, text.rstrip("\n"))
    return 0


def _name(language: str) -> str:
    from babel import Locale

    return Locale.parse(language).get_display_name("en") or language


def _texts(args: argparse.Namespace) -> Texts:
    """The texts of the home, where one is named; else those that come with the program."""
    from duewell.adapters.home import HomeProblem, open_home
    from duewell.adapters.texts import of_home, shipped

    try:
        return of_home(open_home(args.home).directory)
    except HomeProblem:
        if args.home:
            raise
        return shipped()
