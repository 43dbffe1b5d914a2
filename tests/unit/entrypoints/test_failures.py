"""Failures in the published terms."""

from datetime import UTC, datetime

import pytest
import typer

from quantleap.domain import errors
from quantleap.entrypoints.cli.failures import Failure
from quantleap.ports import errors as port_errors
from quantleap.ports.errors import MisconfiguredError, UnavailableError

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
"""Fills any field of any refusal."""

PUBLISHED = {"rate_limit", "bad_request", "unauthorized", "forbidden", "not_found", "conflict", "internal_error"}


KINDS = [
    kind
    for module in (errors, port_errors)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, errors.QuantleapError)
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_refusal_has_a_published_name_and_exit_code_1(kind: type[errors.QuantleapError]) -> None:
    failure = Failure.of(kind(*[NOON] * len(kind._fields)))

    assert failure.error in PUBLISHED
    assert failure.code == kind.code
    assert failure.exit_code == 1


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (errors.InvalidInputError("lots", "must be from 1 to 1000"), "bad_request"),
        (errors.InvalidStatusTransitionError("pause", "ACTIVE", "PAUSED"), "bad_request"),
        (errors.TemplateNotFoundError("basket_x"), "not_found"),
        (errors.AlreadyExistsError("Partner", "partner_zebu_live"), "conflict"),
        (errors.KeyExpiredError("key_1"), "unauthorized"),
        (errors.PermissionDeniedError("admin"), "forbidden"),
        (UnavailableError("the disk is full"), "internal_error"),
        (MisconfiguredError("chmod 600 it"), "internal_error"),
    ],
)
def test_each_branch_of_the_tree_is_told_in_its_own_words(error: errors.QuantleapError, name: str) -> None:
    failure = Failure.of(error)

    assert (failure.error, failure.message, failure.details) == (name, str(error), error.details())


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("unexpected extra argument (bob@example.com)", "unexpected extra argument (...)"),
        ("No such command 'sk_zebu_live_0123'.", "No such command '...'."),
        ("No such command 'pk_zebu_live_0123'.", "No such command '...'."),
        ("No such\n\toption: --colour", "No such option: --colour"),
    ],
)
def test_wrong_usage_is_one_line_without_emails_and_credentials(words: str, shown: str) -> None:
    failure = Failure.of(typer.TyperException(words))

    assert (failure.code, failure.message) == ("USAGE", shown)


def test_a_bad_value_is_wrong_usage() -> None:
    assert Failure.of(typer.BadParameter("must be text")).exit_code == 2


def test_a_failure_of_the_system_is_told_in_its_words() -> None:
    assert Failure.of(OSError(28, "No space left on device")).message == "The system says: No space left on device"


def test_what_nobody_expected_is_not_told_in_its_own_words() -> None:
    failure = Failure.of(KeyError("asha@example.com"))

    assert "asha" not in failure.message
    assert (failure.error, failure.code) == ("internal_error", "INTERNAL_ERROR")


def test_a_package_that_is_not_installed_is_named_with_what_installs_it() -> None:
    failure = Failure.of(ModuleNotFoundError("No module named 'starlette'", name="starlette"))
    assert (failure.code, failure.exit_code) == ("MISSING_PACKAGE", 1)
    assert failure.message == "This command needs starlette: pip install 'quantleap[server]'"


def test_a_module_of_its_own_that_is_missing_is_a_fault() -> None:
    assert "Unexpected" in Failure.of(ModuleNotFoundError(name="quantleap.nowhere")).message
