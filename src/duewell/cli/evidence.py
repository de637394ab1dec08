"""seal, verify, audit, evidence: proving what happened, and checking that the proof holds."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duewell.cli.output import Out, WorldFailed, WrongUse

if TYPE_CHECKING:
    from duewell.cli.session import Session
    from duewell.verify import Report


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare seal, verify, audit and evidence."""
    from duewell.cli import command

    command(commands, "seal", "sign the state of the evidence and lodge it outside the database", _seal)
    verify = command(
        commands, "verify", "check that nothing was changed, lost or added since it was written", _verify
    )
    verify.add_argument(
        "pack", nargs="?", type=Path, metavar="PACK", help="a pack made by `evidence`; else this home"
    )
    verify.add_argument(
        "--head",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="signed heads that were kept elsewhere",
    )
    verify.add_argument(
        "--key",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="public keys that were kept elsewhere",
    )
    command(commands, "audit", "ask of the live database each sentence that is always true", _audit)
    evidence = command(
        commands, "evidence", "one account's facts and messages as a pack that verifies alone", _evidence
    )
    evidence.add_argument("account", metavar="ACCOUNT", help="number of the account")
    evidence.add_argument("--out", type=Path, required=True, metavar="PACK", help="where to write the zip")
    evidence.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")


def _seal(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    sealed = _sealed(session)
    out.result(
        {"new": sealed.new, "sealed": sealed.size, "heads": str(session.home.heads_file)},
        f"{sealed.new:,} facts sealed, {sealed.size:,} in all; the signed head is in {session.home.heads_file}",
    )
    return 0


def _verify(args: argparse.Namespace, out: Out) -> int:
    from duewell import verify

    try:
        report = _of_pack(args, out) if args.pack else _of_home(args)
    except verify.WrongUse as problem:
        raise WrongUse(str(problem)) from problem
    except OSError as problem:
        raise WrongUse(f"{problem.filename or 'a file'} cannot be read: {problem.strerror}") from problem
    out.result(report.as_dict(), verify.in_words(report))
    return 1 if report.found else 0


def _of_pack(args: argparse.Namespace, out: Out) -> Report:
    from duewell import verify

    if not args.pack.is_file():
        raise WrongUse(f"there is no file {args.pack}")
    if not args.key:
        out.talk("checked with the key inside the pack: give --key with one from somebody you trust")
    return verify.verify_file(args.pack, args.head, args.key)


def _of_home(args: argparse.Namespace) -> Report:
    from duewell import wiring_evidence
    from duewell.cli.session import Session

    return wiring_evidence.verification(Session(args).home, args.head, args.key)


def _audit(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    from duewell import wiring_evidence
    from duewell.flows.audit import SENTENCES

    verdicts = wiring_evidence.audited(
        session.home, lambda number: out.progress("sentence", number, len(SENTENCES))
    )
    data: dict[str, Any] = {
        "ok": not any(verdict.found for verdict in verdicts),
        "sentences": [
            {**verdict._asdict(), "ok": not verdict.found, "findings": list(verdict.findings)}
            for verdict in verdicts
        ],
    }
    lines = []
    for verdict in verdicts:
        mark = "ok  " if not verdict.found else "LOOK"
        lines.append(f"{mark} {verdict.number:>2}  {verdict.text} ({verdict.checked:,} looked at)")
        lines += [f"          {finding}" for finding in verdict.findings]
        if verdict.found > len(verdict.findings):
            lines.append(f"          and {verdict.found - len(verdict.findings):,} more")
    out.result(data, "\n".join(lines))
    return 0 if data["ok"] else 1


def _evidence(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring_evidence
    from duewell.flows.pack import TooEarly

    _sealed(session)
    try:
        told, with_person = wiring_evidence.evidence_pack(session.home, creditor, args.account, args.out)
    except LookupError as problem:
        raise WrongUse(f"{problem} of {creditor.key}") from problem
    except TooEarly as problem:
        raise WorldFailed(str(problem)) from problem
    except OSError as problem:
        raise WorldFailed(f"{args.out} cannot be written: {problem.strerror}") from problem
    data: dict[str, Any] = {**told, "pack": str(args.out), "with_person": with_person}
    left_out = "" if with_person else "\nwhat the person said is left out: other creditors deal with them too"
    out.result(
        data,
        f"{told['facts']} facts, {told['sealed']} of them sealed, and {told['messages']} message(s) in {args.out}"
        f"{left_out}\ncheck it with: duewell verify {args.out}",
    )
    return 0


def _sealed(session: Session) -> Any:
    from duewell import wiring
    from duewell.adapters.home import HomeProblem
    from duewell.core.evidence import BadHead

    try:
        return wiring.seal(session.home, session.clock)
    except HomeProblem as problem:
        raise WorldFailed(str(problem)) from problem
    except BadHead as problem:
        raise WorldFailed(f"{session.home.heads_file} was changed: {problem}; run `duewell verify`") from problem
    except LookupError as problem:
        raise WorldFailed(str(problem)) from problem
    except OSError as problem:
        raise WorldFailed(f"{session.home.heads_file} cannot be written: {problem.strerror}") from problem
