"""Preparing turns point-in-time recovery on, and fails for good where the service refuses for good."""

from collections.abc import Callable
from contextlib import closing

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from moto import mock_aws
from tests.integration.contracts.stores import new_table
from tests.integration.dynamodb.conftest import Watched
from tests.integration.dynamodb.wire import Wire, answers, fails
from tests.integration.dynamodb_local import REGION, needs_dynamodb_local

from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine
from quantleap.adapters.store.seam import StoreUnavailableError

Open = Callable[[str], Watched]
LONGEST_WAIT_S = 180
OFF = answers({"ContinuousBackupsDescription": {"ContinuousBackupsStatus": "DISABLED"}})
NOT_YET = fails("ContinuousBackupsUnavailableException", message="Backups are being enabled for the table")


def refuse_recovery(watched: Watched, times: int) -> None:
    """As the service does for the first seconds of a table; the local engine has no recovery."""

    def play(request: AWSPreparedRequest) -> AWSResponse | None:
        match watched.wire.operations[-1]:
            case "DescribeContinuousBackups":
                return OFF(request)
            case "UpdateContinuousBackups":
                is_refused = watched.wire.operations.count("UpdateContinuousBackups") <= times
                return (NOT_YET if is_refused else answers({}))(request)
            case _:
                return None

    watched.wire.always(play)


def test_recovery_is_turned_on_once() -> None:
    with mock_aws(), closing(DynamoDbEngine(new_table(), region=REGION)) as engine:
        wire = Wire(engine)
        engine.prepare()
        engine.prepare()

        described = engine._client.describe_continuous_backups(TableName=engine._table)
        recovery = described["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
        assert wire.operations.count("UpdateContinuousBackups") == 1


@needs_dynamodb_local
def test_a_table_that_has_no_backups_yet_is_asked_again(opened: Open) -> None:
    watched = opened(new_table())
    refuse_recovery(watched, times=2)

    watched.engine.prepare()

    assert watched.wire.operations.count("UpdateContinuousBackups") == 3
    assert watched.pauses[-2:] == sorted(set(watched.pauses[-2:]))


@needs_dynamodb_local
def test_a_table_that_never_has_backups_is_given_up_within_minutes(opened: Open) -> None:
    watched = opened(new_table())
    refuse_recovery(watched, times=1000)

    with pytest.raises(StoreUnavailableError, match="cannot have backups yet: run `quantleap init` again later"):
        watched.engine.prepare()

    assert sum(watched.pauses) < LONGEST_WAIT_S


@needs_dynamodb_local
@pytest.mark.parametrize("operation", ["CreateTable", "UpdateTimeToLive", "DescribeContinuousBackups"])
def test_what_is_refused_for_good_is_not_asked_again(opened: Open, operation: str) -> None:
    watched = opened(new_table())
    denied = fails("AccessDeniedException")
    watched.wire.always(lambda request: denied(request) if watched.wire.operations[-1] == operation else None)

    with pytest.raises(StoreUnavailableError, match="grant them what the operation needs"):
        watched.engine.prepare()

    assert watched.wire.operations.count(operation) == 1
