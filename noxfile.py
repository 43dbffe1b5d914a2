"""Every check of the project, each in a fresh environment of pinned packages: `nox`, or `nox -s NAME`."""

import nox

nox.options.default_venv_backend = "venv"
nox.options.sessions = ["tests", "lint", "types", "imports"]
nox.options.error_on_external_run = True


def _install(session: nox.Session, extras: str = "dev") -> None:
    session.install("-c", "requirements/lock.txt", "-e", f".[{extras}]")


def _fetch_engine(session: nox.Session) -> dict[str, str | None]:
    """Amazon's DynamoDB Local, put into the cache once, and the environment in which tests must have it."""
    session.run("python", "-m", "tools.dynamodb_local")
    return {"QUANTLEAP_REQUIRE_ENGINE": "1"}


@nox.session
def tests(session: nox.Session) -> None:
    """All tests, with branch coverage of the domain at 100 %. Arguments go to pytest instead."""
    _install(session)
    session.run("pytest", *(session.posargs or ["--cov"]))


@nox.session
def engine(session: nox.Session) -> None:
    """The integration tests, with Amazon's DynamoDB Local among the engines. Arguments go to pytest instead."""
    _install(session)
    session.run("pytest", *(session.posargs or ["tests/integration"]), env=_fetch_engine(session))


@nox.session
def lint(session: nox.Session) -> None:
    """Style, and the form that the formatter gives."""
    _install(session)
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """Types of everything, strictly."""
    _install(session, "dev,bench")
    session.run("mypy")


@nox.session
def imports(session: nox.Session) -> None:
    """Every arrow of the architecture."""
    _install(session)
    session.run("lint-imports")


@nox.session
def docs(session: nox.Session) -> None:
    """The examples of the documentation, executed."""
    _install(session)
    session.run("pytest", "README.md", "docs", "tests/docs")


@nox.session
def bench(session: nox.Session) -> None:
    """Ratios against peers. Judged here only: figures move from machine to machine."""
    _install(session, "dev,bench")
    _fetch_engine(session)
    session.run("python", "-m", "bench", env={"PYTHONDONTWRITEBYTECODE": None})


@nox.session
def deep(session: nox.Session) -> None:
    """All tests in their long form: random seeds and many examples."""
    _install(session)
    required = _fetch_engine(session)
    long_form = {"QUANTLEAP_HYPOTHESIS_PROFILE": "deep", "QUANTLEAP_DEEP": "1"}
    session.run("pytest", *session.posargs, env={**required, **long_form})
